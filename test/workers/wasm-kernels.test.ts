// The wasm tier against the reference, in Node: the same module the learner runs.

import { describeAgreement } from "../core/kernel-agreement";
import { createWasmKernels } from "../../workers/compute/wasm/wasm-kernels";

describeAgreement("wasm", createWasmKernels);
