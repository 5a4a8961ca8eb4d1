import { type Curve, type Widget } from './definition.ts';
import { evaluate, IN_ALARM, POINTS, sampleOf } from './sample.ts';

/** One cell of the grid of 24 columns, in pixels. */
const CELL = { width: 56, height: 34 };
const GAP = 5;
const PALETTE = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf', '#aec7e8', '#ffbb78', '#98df8a', '#ff9896'];
const FONT = '"Amazon Ember","Helvetica Neue",Arial,"DejaVu Sans",sans-serif';

export interface Page {
  readonly html: string;
  readonly width: number;
  readonly height: number;
}

/** The dashboard as CloudWatch lays it out. */
export function pageOf(widgets: readonly Widget[]): Page {
  const width = 24 * CELL.width;
  const height = Math.max(...widgets.map((widget) => widget.y + widget.height)) * CELL.height;
  const html = `<!doctype html><meta charset="utf-8"><style>
    * { box-sizing: border-box } body { margin: 0; background: #f2f3f3; font: 12px ${FONT}; color: #16191f }
    section { position: absolute; overflow: hidden } .card { background: #fff; border: 1px solid #d5dbdb; border-radius: 3px; padding: 6px 9px }
    h1 { font-size: 22px; margin: 8px 6px 2px } h2 { font-size: 16px; margin: 9px 6px 0 } h3 { font-size: 12.5px; margin: 0 0 2px } p { margin: 0 6px } a { color: #0073bb }
    .alarms { display: flex; flex-wrap: wrap; gap: 5px; margin-top: 5px }
    .alarms span { width: 183px; padding: 6px 8px; border-radius: 3px; background: #eaf6ea; border-left: 4px solid #1d8102; font-size: 11.5px }
    .alarms .alarm { background: #fdecea; border-color: #d13212; font-weight: bold }
    .legend { display: flex; flex-wrap: wrap; gap: 0 8px; font-size: 9px; line-height: 11.5px; color: #545b64 }
    .legend i { display: inline-block; width: 8px; height: 8px; margin-right: 3px; border-radius: 2px }
  </style>${widgets.map(section).join('')}`;
  return { html, width, height };
}

function section(widget: Widget): string {
  const [left, top, width, height] = [widget.x * CELL.width, widget.y * CELL.height, widget.width * CELL.width, widget.height * CELL.height];
  const style = `left:${left + GAP / 2}px;top:${top + GAP / 2}px;width:${width - GAP}px;height:${height - GAP}px`;
  if (widget.type === 'text') return `<section style="${style}">${markdown(widget.markdown)}</section>`;
  const content = widget.type === 'alarm' ? alarms(widget.alarms) : graph(widget, width - GAP - 20, height - GAP - (widget.curves.length > 12 ? 92 : 68));
  return `<section class="card" style="${style}"><h3>${escape(widget.title)}</h3>${content}</section>`;
}

function alarms(names: readonly string[]): string {
  return `<div class="alarms">${names.map((name) => `<span class="${IN_ALARM.includes(name) ? 'alarm' : ''}">${escape(name)}</span>`).join('')}</div>`;
}

interface Line {
  readonly label: string;
  readonly color: string;
  readonly values: readonly number[];
}

function graph({ curves, stacked, limit }: Widget, width: number, height: number): string {
  const lines = linesOf(curves);
  const tops = stacked ? stack(lines) : lines.map(({ values }) => values);
  const greatest = Math.max(limit ?? 0, ...tops.flat());
  // Nothing happened: an axis to one, as CloudWatch draws it.
  const scale = nice(greatest === 0 ? 1 : greatest * 1.05);
  const axis = 34;
  const x = (index: number) => axis + index * (width - axis) / (POINTS - 1);
  const y = (value: number) => height - 4 - value / scale * (height - 12);
  const grid = [0, 0.5, 1].map((part) => `<line x1="${axis}" x2="${width}" y1="${y(scale * part)}" y2="${y(scale * part)}" stroke="#eaeded"/>`
    + `<text x="${axis - 4}" y="${y(scale * part) + 3}" text-anchor="end">${short(scale * part)}</text>`).join('');
  const path = (values: readonly number[]) => values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)},${y(value).toFixed(1)}`).join('');
  const drawn = lines.map(({ color }, index) => {
    const top = tops[index]!;
    if (!stacked) return `<path d="${path(top)}" fill="none" stroke="${color}" stroke-width="1.6"/>`;
    const bottom = index === 0 ? top.map(() => 0) : tops[index - 1]!;
    const back = [...bottom].map((value, at) => `L${x(at).toFixed(1)},${y(value).toFixed(1)}`).reverse().join('');
    return `<path d="${path(top)}${back}Z" fill="${color}" fill-opacity=".55" stroke="${color}" stroke-width=".8"/>`;
  }).join('');
  const alarm = y(limit ?? 0);
  const line = limit === undefined ? '' : `<line x1="${axis}" x2="${width}" y1="${alarm}" y2="${alarm}" stroke="#d62728" stroke-dasharray="4 3"/>`;
  const legend = lines.map(({ label, color }) => `<span><i style="background:${color}"></i>${escape(label)}</span>`).join('');
  return `<svg width="${width}" height="${height}" font-size="9.5" fill="#687078" font-family='${FONT}'>${grid}${drawn}${line}</svg><div class="legend">${legend}</div>`;
}

function linesOf(curves: readonly Curve[]): Line[] {
  const named = curves.filter(({ id, expression }) => id !== undefined && expression === undefined);
  const byId = Object.fromEntries(named.map((curve) => [curve.id!, sampleOf(curve)]));
  return curves.filter(({ visible }) => visible).map((curve, index) => ({
    label: curve.label,
    color: curve.color ?? PALETTE[index % PALETTE.length]!,
    values: curve.expression === undefined ? sampleOf(curve) : evaluate(curve.expression, byId),
  }));
}

function stack(lines: readonly Line[]): number[][] {
  const sums: number[] = Array.from({ length: POINTS }, () => 0);
  return lines.map(({ values }) => values.map((value, index) => sums[index] = sums[index]! + value));
}

/** The next of 1, 2, 2.5, 5 and their tens. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 4, 5, 7.5, 10].map((step) => step * power).find((step) => step >= value)!;
}

function short(value: number): string {
  const [unit, divisor] = value >= 1e6 ? ['M', 1e6] : value >= 1e3 ? ['k', 1e3] : ['', 1];
  return `${Number((value / Number(divisor)).toPrecision(3))}${unit}`;
}

/** As much of Markdown as the dashboard uses. */
function markdown(text: string): string {
  return text.split('\n').map((line) => {
    const html = escape(line).replace(/\[([^\]]+)\]\([^)]+\)/g, '<a>$1</a>');
    return html.startsWith('## ') ? `<h2>${html.slice(3)}</h2>` : html.startsWith('# ') ? `<h1>${html.slice(2)}</h1>` : `<p>${html}</p>`;
  }).join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
