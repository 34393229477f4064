import { faultRoutes } from '../fault-console.ts';
import { type Fault, faultKinds, isSpent } from '../faults.ts';
import { Choice, Table } from './layout.tsx';

function FaultRows({ faults }: { readonly faults: readonly Fault[] }) {
  return (
    <Table heads={['Route', 'What goes wrong', 'Happened', 'State']}>
      {faults.map((fault) => (
        <tr key={fault.id} data-fault={fault.kind}>
          <td>{fault.route}</td>
          <td>{fault.kind}</td>
          <td>
            {fault.fired}
            {fault.times > 0 ? ` of ${fault.times}` : ' so far'}
          </td>
          <td>{isSpent(fault) ? <span class="quiet">over</span> : <span class="warn">waiting</span>}</td>
        </tr>
      ))}
    </Table>
  );
}

/** What a person sees and does about faults; programs use the JSON API. */
export function FaultSection({ faults }: { readonly faults: readonly Fault[] }) {
  const armed = faults.filter((fault) => !isSpent(fault)).length;
  return (
    <details id="faults" open={faults.length > 0}>
      <summary>Faults ({armed})</summary>
      {faults.length > 0 ? <FaultRows faults={[...faults].reverse()} /> : null}
      <form class="fields" method="post" action="/simulator/faults">
        <Choice name="route" label="Route, * = every one" values={faultRoutes} />
        <Choice name="kind" label="What goes wrong" values={faultKinds} />
        <label>
          <span class="quiet">Times, 0 = until cleared</span>
          <input type="number" name="times" value="1" min="0" max="10000" />
        </label>
        <button type="submit" class="button small plain">
          Let it fail
        </button>
      </form>
      {faults.length > 0 ? (
        <form method="post" action="/simulator/faults/clear">
          <button type="submit" class="button small plain bad" data-action="clear-faults">
            Clear all faults
          </button>
        </form>
      ) : null}
    </details>
  );
}
