"""What packaging/systemd says of the commands is so: flags, variables, and the word to the service manager.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/cli/service_test.py
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging/systemd"
PROGRAM = "/opt/spymaster/build/release/bin/spymaster"
UNITS = sorted(FOLDER.glob("*.service"))


def settings(unit):
    """[(name, value)] of a unit."""
    return [tuple(line.split("=", 1)) for line in unit.read_text().splitlines() if "=" in line and line[:1] not in "#;["]


def values(unit, name):
    return [value for key, value in settings(unit) if key == name]


def example():
    lines = (FOLDER / "spymaster.env.example").read_text().splitlines()
    return dict(line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?[A-Z_]+=", line))


class Units(unittest.TestCase):
    def test_commands_and_flags_exist(self):
        self.assertGreaterEqual(len(UNITS), 4)
        for unit in UNITS:
            (command,) = values(unit, "ExecStart")
            for name, value in example().items():
                command = command.replace(f"${{{name}}}", value)
            program, *arguments = command.split()
            self.assertEqual(program, PROGRAM, unit.name)
            names = [argument for argument in arguments[: next(i for i, a in enumerate(arguments) if a[:2] == "--")]]
            shown = subprocess.run([BIN, *names, "--help"], capture_output=True, text=True, timeout=60)
            self.assertEqual(shown.returncode, 0, (unit.name, shown.stderr))
            for flag in arguments:
                if flag.startswith("--"):
                    self.assertRegex(shown.stdout, rf"(?m)^\s*{flag}\s", unit.name)

    def test_variables_are_given(self):
        for unit in UNITS:
            known = set(re.findall(r"([A-Z_]+)=", " ".join(values(unit, "Environment"))))
            if any("spymaster.env" in file for file in values(unit, "EnvironmentFile")):
                known |= set(example())
            (command,) = values(unit, "ExecStart")
            self.assertLessEqual(set(re.findall(r"\$\{?([A-Z_]+)", command)), known, unit.name)

    def test_no_key_on_a_command_line_and_no_real_one_in_the_example(self):
        for unit in UNITS:
            self.assertNotIn("API_KEY", values(unit, "ExecStart")[0])
        self.assertRegex(example()["DATABENTO_API_KEY"], r"^db-0{29}$")

    def test_what_each_unit_must_not_do(self):
        for unit in UNITS:
            for name, value in {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "CapabilityBoundingSet": "",
                                "RestartPreventExitStatus": "2", "KillSignal": "SIGTERM", "User": "spymaster"}.items():
                self.assertEqual(values(unit, name), [value], (unit.name, name))
            self.assertTrue(values(unit, "MemoryMax"), unit.name)
            self.assertTrue(values(unit, "RestrictAddressFamilies"), unit.name)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_systemd_takes_them(self):
        with tempfile.TemporaryDirectory() as folder:
            copies = []
            for unit in [*UNITS, *FOLDER.glob("*.timer")]:
                copy = Path(folder) / unit.name
                copy.write_text(unit.read_text().replace(PROGRAM, "/bin/true"))
                copies.append(str(copy))
            command = ["systemd-analyze", "verify", "--man=no", *copies]
            checked = subprocess.run(command, capture_output=True, text=True, timeout=60)
        # Only what is said of these files: a machine has units of its own.
        said = [line for line in checked.stderr.splitlines() if "spymaster" in line]
        self.assertEqual(said, [])


class Monitoring(unittest.TestCase):
    def test_metrics_exist(self):
        counted = (ROOT / "src/serve/metrics.cpp").read_text()
        for file in sorted((ROOT / "packaging/monitoring").iterdir()):
            asked = set(re.findall(r"spymaster_[a-z_]+", file.read_text()))
            self.assertGreaterEqual(len(asked), 8, file.name)
            for name in asked:
                self.assertIn(f'"{name.removesuffix("_bucket")}"', counted, file.name)

    def test_dashboard_is_json(self):
        self.assertTrue(json.loads((ROOT / "packaging/monitoring/dashboard.json").read_text())["panels"])


class Notice(unittest.TestCase):
    """Type=notify: a command is ready when it says so, not before it listens."""

    def start(self, name):
        return subprocess.Popen([BIN, "serve", "--lake", self.folder.name, "--port", "0"], stdout=subprocess.PIPE, text=True,
                                env={**os.environ, "NOTIFY_SOCKET": name})

    def ready(self, name, address):
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.bind(address)
        receiver.settimeout(120)
        process = self.start(name)
        try:
            self.assertEqual(receiver.recv(100), b"READY=1")
            self.assertIn("http://", process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=60), 0)
            process.stdout.close()
            receiver.close()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def test_to_a_path(self):
        path = self.folder.name + "/notify"
        self.ready(path, path)

    def test_to_an_abstract_name(self):
        name = f"spymaster-test-{os.getpid()}"
        self.ready("@" + name, "\0" + name)

    def test_to_nobody(self):
        for name in ("", "@", self.folder.name + "/nobody", "/" + "x" * 200):
            process = self.start(name)
            self.assertIn("http://", process.stdout.readline())
            process.terminate()
            self.assertEqual(process.wait(timeout=60), 0)
            process.stdout.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
