"""All stages in turn, then the export. Minutes are for two CPU cores; give --scale for more or less."""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MINUTES = {"encoder": 0, "sight": 9, "language": 60, "generation": 6, "editing": 20}

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--scale", type=float, default=1.0, help="times the minutes of every stage")
parser.add_argument("--data", default="var/training")
parser.add_argument("--out", default="models/nexus-gen-nano")
args = parser.parse_args()
for stage, minutes in MINUTES.items():
    command = [os.path.join(HERE, "train.py"), stage, "--minutes", str(minutes * args.scale), "--data", args.data]
    subprocess.run([sys.executable, *command], check=True)
export = os.path.join(HERE, "..", "export", "export_nano.py")
subprocess.run([sys.executable, export, "--data", args.data, "--out", args.out], check=True)
