import { type FormEvent, type ReactElement, useState } from 'react';
import { sumOf } from './cart.ts';
import { formatPrice } from './products.ts';
import { ShopLink } from './shop-link.tsx';
import type { Customer, Shop } from './use-shop.ts';

const CUSTOMERS: readonly [Customer, ...Customer[]] = [
  { name: 'Ada Miller', email: 'ada.miller@example.com', city: 'Lyon' },
  { name: 'Jonas Weber', email: 'jonas.weber@example.com', city: 'Graz' },
  { name: 'Inès Moulin', email: 'ines.moulin@example.com', city: 'Porto' },
  { name: 'Tom Ferrier', email: 'tom.ferrier@example.com', city: 'Leeds' },
  { name: 'Sofia Riva', email: 'sofia.riva@example.com', city: 'Turin' },
];

const FIELDS: readonly { name: keyof Customer; label: string; type: string }[] = [
  { name: 'name', label: 'Name', type: 'text' },
  { name: 'email', label: 'Email', type: 'email' },
  { name: 'city', label: 'City', type: 'text' },
];

/** The form that orders; filled in already, since it is a demo. */
export function CheckoutPage({ shop }: { shop: Shop }): ReactElement {
  const [customer, setCustomer] = useState<Customer>(
    () => CUSTOMERS[Math.floor(Math.random() * CUSTOMERS.length)] ?? CUSTOMERS[0],
  );
  const { items, value } = sumOf(shop.cart);

  function order(event: FormEvent) {
    event.preventDefault();
    shop.placeOrder(customer);
  }
  if (items === 0) {
    return (
      <div className="plain">
        <h1>There is nothing to pay</h1>
        <ShopLink shop={shop} to={{ page: 'home' }} className="shop-button">
          To the shelves
        </ShopLink>
      </div>
    );
  }
  return (
    <form className="plain" onSubmit={order}>
      <h1>Checkout</h1>
      {FIELDS.map(({ name, label, type }) => (
        <label key={name}>
          {label}
          <input
            type={type}
            required
            autoComplete="off"
            value={customer[name]}
            onChange={(event) => setCustomer({ ...customer, [name]: event.target.value })}
          />
        </label>
      ))}
      <button type="submit" className="shop-button wide" data-testid="place-order">
        Order for {formatPrice(value)}
      </button>
    </form>
  );
}
