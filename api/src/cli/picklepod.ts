#!/usr/bin/env node
import { runCommandLine } from "./command-line";
import { heedSignals } from "./interruption";
import { tellError } from "./tell-error";
import { heedOutputErrors } from "./terminal";

heedOutputErrors();
heedSignals();
runCommandLine(process.argv.slice(2)).catch(tellError);
