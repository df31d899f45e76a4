import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ConsentBanner } from '@/components/consent-banner.tsx';
import { ShopAnalytics } from '@/components/shop-analytics.tsx';
import { readSettings } from '@/lib/settings.ts';
import { visitorBootstrap } from '@/lib/visitor.ts';
import './globals.css';

export const metadata: Metadata = { title: 'Millstone Tea', description: 'Six teas and two experiments.' };

export default async function Layout({ children }: { children: ReactNode }) {
  const bootstrap = await visitorBootstrap();
  const { host, writeKey } = readSettings();
  return (
    <html lang="en">
      <body>
        <ShopAnalytics host={host} writeKey={writeKey} bootstrap={bootstrap}>
          <header className="bar">
            <Link className="name" href="/">
              Millstone Tea
            </Link>
            <Link href="/cart">Cart</Link>
          </header>
          <main>{children}</main>
          <ConsentBanner />
        </ShopAnalytics>
      </body>
    </html>
  );
}
