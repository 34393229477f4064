import { dayInZone } from '../../core/zone.ts';
import type { Deps } from '../../deps.ts';
import { ExportRefused } from '../../pages/admin/parts/export.tsx';
import type { Services } from '../../payments/index.ts';
import { columnNames } from '../../payments/reports/export/names.ts';
import type { Taken } from '../../payments/reports/export/places.ts';
import { exportSheet, type Sheet } from '../../payments/reports/export/sheets.ts';
import { pageHeaders } from '../../security/csp.ts';
import type { Shown, Visit } from './desk.ts';
import { streamText } from './stream.ts';

/** A list as a file. One at a time for each person, and few in all: who has to wait is told so. */
export function createDownload(deps: Pick<Deps, 'store' | 'log'>, { exportPlaces }: Pick<Services, 'exportPlaces'>) {
  return (visit: Visit, sheet: Sheet): Response | Shown => {
    const place = exportPlaces.take(visit.person.id);
    if (typeof place === 'string') return refuse(visit, place);
    const { timezone: zone, locale, url } = visit;
    const reader = url.searchParams.get('names') === 'en' ? 'program' : 'spreadsheet';
    const pieces = exportSheet(deps, sheet, { reader, zone, nameOf: columnNames(reader, locale) });
    const body = streamText(pieces, {
      onEnd: place.leave,
      onError: (error) => deps.log.error('a sheet could not be written to its end', { sheet: sheet.of, error }),
    });
    return new Response(body, { headers: headersOf(`${sheet.of}-${dayInZone(visit.now, zone)}.csv`) });
  };
}

function headersOf(name: string): Record<string, string> {
  return {
    ...pageHeaders(),
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
  };
}

function refuse(visit: Visit, taken: Taken): Shown {
  return { title: visit.say('export.busy'), status: 429, body: ExportRefused({ frame: visit, taken }) };
}
