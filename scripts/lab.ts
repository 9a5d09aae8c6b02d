/** `npm run lab -- …`: the command line of DESIGN §7. Progress to stderr, one JSON object as the last line of stdout. */
import { check } from './lab/check';
import { devices } from './lab/devices';
import { list } from './lab/list';
import { explain, UsageError } from './lab/usage';
import { run } from './lab/run';
import { theory } from './lab/theory';
import { tune } from './lab/tune';

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  list,
  run,
  check,
  devices,
  theory,
  tune,
};

async function main([name = '', ...args]: string[]): Promise<number> {
  try {
    if (!Object.hasOwn(commands, name)) {
      const asked = name ? `unknown command '${name}'` : 'no command';
      throw new UsageError(`${asked}; use one of ${Object.keys(commands).join(', ')}`);
    }
    return await commands[name](args);
  } catch (error) {
    const { message, code } = explain(error);
    console.error(message);
    return code;
  }
}

process.exitCode = await main(process.argv.slice(2));
