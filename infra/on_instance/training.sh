#!/bin/bash
# A machine that trains: docs/deploy.md, "Training on a GPU".
set -euo pipefail
# Powering off ends the machine; one that is forgotten ends after this many minutes.
shutdown --poweroff '+@LONGEST_MINUTES@'

mkdir -p /srv/training
cat >/srv/training/environment <<'END-OF-FILE'
AWS_DEFAULT_REGION=@REGION@
HOME=/srv/training
HF_HOME=/srv/training/huggingface
MLFLOW_TRACKING_URI=http://127.0.0.1:5000
END-OF-FILE

# Runs a program of the training image in the checkout of the repository, as the image's user, who
# must own it. The image holds no `sentiment`: `python -m sentiment.cli.main` is the checkout's.
# Called by hand after `sudo -i`: a path that sudo sets may lack /usr/local/bin.
cat >/usr/bin/in-image <<'END-OF-FILE'
#!/bin/bash
exec docker run --rm --gpus all --network host --shm-size 4g \
  --env-file /srv/training/environment --volume /srv/training:/srv/training \
  --workdir /srv/training/repository --entrypoint "$1" '@IMAGE@' "${@:2}"
END-OF-FILE

# Keeps the runs' table and what was trained; call it before the machine ends.
cat >/usr/bin/keep-runs <<'END-OF-FILE'
#!/bin/bash
set -euo pipefail
aws s3 cp /srv/training/mlflow.db 's3://@BUCKET@/mlflow/mlflow.db'
aws s3 sync /srv/training/repository/outputs 's3://@BUCKET@/outputs'
END-OF-FILE
chmod +x /usr/bin/in-image /usr/bin/keep-runs

command -v git >/dev/null || dnf install --assumeyes --quiet git
aws ecr get-login-password --region '@REGION@' |
  docker login --username AWS --password-stdin '@REGISTRY@'
docker pull --quiet '@IMAGE@'
mkdir -p /srv/training/repository
aws s3 cp 's3://@BUCKET@/mlflow/mlflow.db' /srv/training/mlflow.db || echo "No runs so far."
# The image's user is not root.
chown -R 10001:10001 /srv/training
docker run --detach --restart always --network host --name mlflow \
  --env-file /srv/training/environment --volume /srv/training:/srv/training \
  --entrypoint mlflow '@IMAGE@' server --host 127.0.0.1 --port 5000 \
  --backend-store-uri sqlite:////srv/training/mlflow.db \
  --artifacts-destination 's3://@BUCKET@/mlflow/artefacts'
