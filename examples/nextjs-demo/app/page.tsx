import { Exposed } from '@/components/exposed.tsx';
import { Shelf } from '@/components/shelf.tsx';
import { euros } from '@/lib/catalogue.ts';
import type { Headline } from '@/lib/events.ts';
import { visitorVariants } from '@/lib/visitor.ts';

const USUAL: Headline = {
  title: 'Tea, ground by nobody',
  text: 'Six leaves from six hills, sent the day you order.',
};

export default async function Home() {
  const variants = await visitorVariants();
  // An experiment of the server's: its variants carry what they say.
  const { title, text } = (variants.getDetails('headline').value as unknown as Headline | undefined) ?? USUAL;
  const freeFrom = variants.getFlag('free_shipping_from', 3000);
  return (
    <>
      <section className="hero">
        <h1>{title}</h1>
        <p>
          {text} Free shipping from {euros(freeFrom)}.
        </p>
        <Exposed experiment="headline" />
      </section>
      <Shelf />
    </>
  );
}
