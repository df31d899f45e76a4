import Link from 'next/link';
import { readCart, totalOf } from '@/lib/cart.ts';
import { euros } from '@/lib/catalogue.ts';
import { placeOrder } from './actions.ts';

export default async function CartPage() {
  const cart = await readCart();
  if (cart.length === 0) {
    return (
      <>
        <h1>Your cart is empty</h1>
        <Link className="button" href="/">
          To the teas
        </Link>
      </>
    );
  }
  return (
    <>
      <h1>Your cart</h1>
      <table>
        <thead>
          <tr>
            <th>Tea</th>
            <th className="number">How many</th>
            <th className="number">Price</th>
          </tr>
        </thead>
        <tbody>
          {cart.map(({ product, quantity }) => (
            <tr key={product.slug}>
              <td>{product.name}</td>
              <td className="number">{quantity}</td>
              <td className="number">{euros(product.price * quantity)}</td>
            </tr>
          ))}
          <tr>
            <th colSpan={2}>Together</th>
            <td className="number">{euros(totalOf(cart))}</td>
          </tr>
        </tbody>
      </table>
      <form action={placeOrder}>
        <p>
          <button type="submit">Order</button>
        </p>
      </form>
    </>
  );
}
