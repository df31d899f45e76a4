import type { ReactElement } from 'react';
import './product-art.css';

/** The picture of a product. */
export function ProductArt({ id }: { id: string }): ReactElement {
  return (
    <svg className="product-art" viewBox="0 0 120 120" aria-hidden="true" data-product={id}>
      <ellipse className="ground" cx="60" cy="103" rx="42" ry="6" />
      {drawingOf(id)}
    </svg>
  );
}

function drawingOf(id: string): ReactElement {
  switch (id) {
    case 'wheat-flour':
      return <FlourBag paper="#f3e6cc" fold="#e4d0a8" label="#c98b3c" />;
    case 'rye-flour':
      return <FlourBag paper="#cdb08c" fold="#b59670" label="#5e4630" />;
    case 'country-loaf':
      return <Loaf />;
    case 'starter':
      return <StarterJar />;
    case 'proofing-basket':
      return <Basket />;
    default:
      return <Knife />;
  }
}

function FlourBag({ paper, fold, label }: { paper: string; fold: string; label: string }): ReactElement {
  return (
    <g>
      <path fill={paper} d="M36 34h48l5 62q.5 6-6 6H37q-6.5 0-6-6z" />
      <path fill={fold} d="M36 34h48l1.6 20q-25 5-51.2 0z" opacity=".55" />
      <path fill={fold} d="M38 20h44l3 15H35z" />
      <path stroke={paper} strokeWidth="2" d="M39 27h42" opacity=".8" />
      <circle cx="60" cy="74" r="17" fill={label} />
      <g fill="none" stroke="#fff6e6" strokeWidth="2.4" strokeLinecap="round">
        <path d="M60 86V64M60 70q-6 0-7-6 6 0 7 6m0 0q6 0 7-6-6 0-7 6M60 78q-6 0-7-6 6 0 7 6m0 0q6 0 7-6-6 0-7 6" />
      </g>
    </g>
  );
}

function Loaf(): ReactElement {
  return (
    <g>
      <path fill="#9a5a25" d="M16 84c0-27 19-42 44-42s44 15 44 42c0 12-8 18-18 18H34c-10 0-18-6-18-18z" />
      <path fill="#c07d3b" d="M20 80c0-22 17-35 40-35s40 13 40 35c0 9-7 13-15 13H35c-8 0-15-4-15-13z" />
      <g fill="none" stroke="#f2d9ad" strokeWidth="5" strokeLinecap="round">
        <path d="M40 57c5 6 7 14 6 23M58 52c6 7 8 17 7 27M77 57c5 6 7 13 6 20" />
      </g>
      <g fill="#f8ead0" opacity=".7">
        <circle cx="33" cy="72" r="1.5" />
        <circle cx="52" cy="66" r="1.3" />
        <circle cx="90" cy="74" r="1.5" />
        <circle cx="72" cy="62" r="1.2" />
      </g>
    </g>
  );
}

function StarterJar(): ReactElement {
  return (
    <g>
      <path fill="#dbe9e6" d="M34 40h52v54q0 8-8 8H42q-8 0-8-8z" opacity=".75" />
      <path fill="#efe0bf" d="M34 62q13-7 26 0t26 0v32q0 8-8 8H42q-8 0-8-8z" />
      <g fill="#d9c496">
        <circle cx="46" cy="76" r="4" />
        <circle cx="62" cy="86" r="5" />
        <circle cx="75" cy="73" r="3.5" />
        <circle cx="51" cy="92" r="2.5" />
      </g>
      <path fill="#b5793a" d="M31 26q0-5 5-5h48q5 0 5 5v10q0 4-4 4H35q-4 0-4-4z" />
      <path fill="#96602a" d="M31 33h58v3q0 4-4 4H35q-4 0-4-4z" />
      <path fill="#fff" d="M40 46h5v48h-5z" opacity=".5" />
    </g>
  );
}

function Basket(): ReactElement {
  return (
    <g>
      <path fill="#b98445" d="M14 56h92c0 28-16 46-46 46S14 84 14 56z" />
      <g fill="none" stroke="#8f602b" strokeWidth="2.6">
        <path d="M16.5 68h87M21 79h78M29 90h62" />
      </g>
      <ellipse cx="60" cy="56" rx="46" ry="15" fill="#d3a263" />
      <ellipse cx="60" cy="57" rx="38" ry="11" fill="#f2e3c4" />
      <g fill="none" stroke="#dcc494" strokeWidth="2.2">
        <ellipse cx="60" cy="57" rx="28" ry="7.5" />
        <ellipse cx="60" cy="57" rx="17" ry="4.3" />
        <ellipse cx="60" cy="57" rx="7" ry="1.6" />
      </g>
    </g>
  );
}

function Knife(): ReactElement {
  return (
    <g transform="rotate(-32 60 64)">
      <path
        fill="#c9d4d8"
        d="M4 56h70v18l-5-3-5 3-5-3-5 3-5-3-5 3-5-3-5 3-5-3-5 3-5-3-5 3-5-3C7 70 4 64 4 56z"
      />
      <path fill="#eef3f4" d="M5 56h69v6H6z" />
      <path fill="#7d4d22" d="M74 53h35q8 0 8 8v1q0 9-9 8l-12-2q-9-1-22 6z" />
      <g fill="#d9b98c">
        <circle cx="84" cy="61" r="2.2" />
        <circle cx="96" cy="60.5" r="2.2" />
        <circle cx="108" cy="61.5" r="2.2" />
      </g>
    </g>
  );
}
