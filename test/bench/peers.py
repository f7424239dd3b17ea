# The peers of the benchmark: scikit-learn's logistic regression (as strong as ours, but not calibrated) with NumPy
# scoring, a NumPy k-center that keeps its distances, and BADGE with its gradient embeddings made in float64 as
# scikit-activeml does. Prints JSON.

import json
import sys
import time
import warnings

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
folder = sys.argv[1]
task = json.load(open(f"{folder}/task.json"))
rows, dims, classes, batch = (task[name] for name in ("rows", "dims", "classes", "batch"))
values = numpy.fromfile(f"{folder}/values.f32", dtype=numpy.float32).reshape(rows, dims)
truth = numpy.fromfile(f"{folder}/truth.u8", dtype=numpy.uint8)
labelled = numpy.array(task["labelled"])
free = numpy.ones(rows, dtype=bool)
free[labelled] = False


times = {"versions": f"scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}"}


def timed(name, work, repeats=6):
    """Notes the fastest of the runs and the least processor time, in milliseconds. Returns the last answer."""
    taken = []
    used = []
    for _ in range(repeats):
        start, busy = time.perf_counter(), time.process_time()
        answer = work()
        taken.append((time.perf_counter() - start) * 1000)
        used.append((time.process_time() - busy) * 1000)
    times[name], times[f"{name}, processor"] = min(taken), min(used)
    return answer


def fit(strength=task["strength"]):
    return LogisticRegression(C=strength, max_iter=1000).fit(values[labelled], truth[labelled])


def probabilities_of(model):
    logits = values @ model.coef_.T.astype(numpy.float32) + model.intercept_.astype(numpy.float32)
    logits -= logits.max(axis=1, keepdims=True)
    numpy.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def margins_of(probabilities):
    best = numpy.partition(probabilities, -2, axis=1)
    return 1 - (best[:, -1] - best[:, -2])


def margin_round():
    uncertainty = margins_of(probabilities_of(fit()))
    uncertainty[~free] = -1
    chosen = numpy.argpartition(-uncertainty, batch)[:batch]
    return chosen[numpy.argsort(-uncertainty[chosen])]


def k_center():
    norms = (values * values).sum(axis=1)
    pick = int(numpy.argmin(((values - values.mean(axis=0)) ** 2).sum(axis=1)))
    nearest = numpy.full(rows, numpy.inf, dtype=numpy.float32)
    picks = [pick]
    while len(picks) < batch:
        numpy.minimum(nearest, norms + norms[pick] - 2 * (values @ values[pick]), out=nearest)
        nearest[pick] = -1
        pick = int(numpy.argmax(nearest))
        picks.append(pick)
    return picks


def badge(probabilities):
    random = numpy.random.default_rng(7)
    factor = probabilities.astype(numpy.float64)
    factor[numpy.arange(rows), factor.argmax(axis=1)] -= 1
    gradients = (factor[:, :, None] * values[:, None, :].astype(numpy.float64)).reshape(rows, -1)
    norms = (gradients * gradients).sum(axis=1)
    pick = int(norms.argmax())
    nearest = numpy.full(rows, numpy.inf)
    picks = [pick]
    while len(picks) < batch:
        distances = norms + norms[pick] - 2 * (gradients @ gradients[pick])
        nearest = numpy.minimum(nearest, numpy.maximum(distances, 0))
        nearest[pick] = 0
        pick = int(random.choice(rows, p=nearest / nearest.sum()))
        picks.append(pick)
    return picks


def wanted(name):
    return not task["only"] or any(name.startswith(part) for part in task["only"])


timed("fit", fit)
timed("fit at C = 1", lambda: fit(1.0))
model = fit()
probabilities = timed("scores", lambda: probabilities_of(model))
if wanted("round"):
    timed("round", margin_round)
if wanted("multiply"):
    timed("multiply", lambda: values @ model.coef_.T.astype(numpy.float32))
if wanted("kcenter"):
    timed("kcenter", k_center)
if wanted("badge"):
    timed("badge", lambda: badge(probabilities), 1)
print(json.dumps(times))
