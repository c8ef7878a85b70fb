"""Everything by one recipe: the scenes, all stages in turn, and the export.

    python models/training/all.py                                             # two CPU cores, about two hours
    python models/training/all.py --recipe models/training/recipes/gpu.json   # one large GPU, about twenty minutes

Started again it goes on where it was: scenes that are there stay, and a stage that has had its minutes ends at once.
"""
import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--recipe", default=os.path.join(HERE, "recipes", "cpu.json"))
parser.add_argument("--scale", type=float, default=1.0, help="times the minutes of every stage")
parser.add_argument("--data", default="var/training")
parser.add_argument("--out", default="models/nexus-gen-nano")
args = parser.parse_args()
with open(args.recipe, encoding="utf-8") as f:
    recipe = json.load(f)
if not os.path.exists(os.path.join(args.data, "world.json")):
    counts = [part for name, n in recipe["data"].items() for part in (f"--{name}", str(n))]
    subprocess.run(["npm", "run", "model:data", "--", "--out", args.data, *counts], check=True)
for stage, settings in recipe["stages"].items():
    minutes = ["--minutes", str(settings["minutes"] * args.scale)] if "minutes" in settings else []
    command = [os.path.join(HERE, "train.py"), stage, "--recipe", args.recipe, "--data", args.data, *minutes]
    subprocess.run([sys.executable, *command], check=True)
export = os.path.join(HERE, "..", "export", "export_nano.py")
subprocess.run([sys.executable, export, "--data", args.data, "--out", args.out], check=True)
