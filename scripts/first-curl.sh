#!/usr/bin/env bash
# From an empty folder to the first answer, as a newcomer types it: what docs/first-curl.md shows. Needs git, Node and a Python.
set -euo pipefail

project=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
# npx passes no signal on: its whole group is told.
trap '[ -z "$server" ] || kill -- "-$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
started=$SECONDS

export npm_config_update_notifier=false NO_COLOR=1

# Shows a command and the second it was typed in, then runs it.
typed() {
  printf '\n[%2d s] $ %s\n' "$((SECONDS - started))" "$*" | sed "s#$project#https://…/picklepod#"
  eval "$@" 2>&1 | sed "/^npm warn/d; s#$work#~#g; s#$project#https://…/picklepod#g"
}

cat > train.py <<'PYTHON'
import joblib, numpy as np, pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

random = np.random.default_rng(7)
people = pd.DataFrame({
    "age": random.integers(18, 80, 500),
    "income": random.normal(50_000, 15_000, 500).round(2),
    "country": random.choice(["de", "fr", "jp"], 500),
})
churn = np.where(people["income"] / 10_000 + random.normal(0, 1, 500) > 5, "stays", "leaves")
columns = ColumnTransformer([("numbers", StandardScaler(), ["age", "income"]), ("texts", OneHotEncoder(), ["country"])])
model = make_pipeline(columns, LogisticRegression()).fit(people, churn)
joblib.dump(model, "mine/model.joblib")
row = pd.DataFrame([{"age": 41, "income": 52000, "country": "fr"}])
print("the notebook says", model.predict(row)[0], model.predict_proba(row)[0, 1])
PYTHON

if curl -s localhost:8080/livez > /dev/null; then
  echo "Something listens on port 8080 already: end it first." >&2
  exit 1
fi

echo "# what a notebook leaves"
typed python3 -m venv notebook
typed "notebook/bin/pip install --quiet --disable-pip-version-check scikit-learn pandas joblib"
typed mkdir mine
typed notebook/bin/python train.py

printf '\n# from here it is Picklepod\n'
started=$SECONDS
picklepod=$project
typed git clone --quiet "$picklepod" picklepod
typed cd picklepod
cd picklepod
typed npx picklepod inspect ../mine
typed npx picklepod init ../mine --yes
printf '\n[%2d s] $ npx picklepod serve models/mine &\n' "$((SECONDS - started))"
setsid npx picklepod serve models/mine > ../serve.log 2>&1 &
server=$!
until curl -sf localhost:8080/readyz > /dev/null; do
  kill -0 "$server" || { cat ../serve.log; exit 1; }
  sleep 0.2
done
typed "curl -sX POST localhost:8080/predict -H 'content-type: application/json' -d '{\"age\": 41, \"income\": 52000, \"country\": \"fr\"}'"
echo
typed "curl -sX POST localhost:8080/predict -H 'content-type: application/json' -d '{\"age\": \"forty\", \"country\": \"it\"}'"
printf '\n[%2d s]\n' "$((SECONDS - started))"
