import Link from 'next/link';

export default async function Thanks({ searchParams }: { searchParams: Promise<{ order?: string }> }) {
  const { order } = await searchParams;
  return (
    <>
      <h1>Thank you</h1>
      <p>Your order {order ? <code>{order}</code> : ''} is on its way to nowhere: this shop sells nothing.</p>
      <Link className="button" href="/">
        Once more
      </Link>
    </>
  );
}
