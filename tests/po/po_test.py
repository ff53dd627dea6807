"""Checks the catalogues. Usage: po_test.py CHECK SOURCE_ROOT BUILT_PO DOMAIN"""

import pathlib
import re
import subprocess
import sys
import tempfile

XGETTEXT = [
    "xgettext", "--language=C++", "--from-code=UTF-8", "--keyword=_",
    "--keyword=N_", "--keyword=GK_TEXT", "--no-location", "--sort-output",
    "--output=-",
]

# Calls that show their text: it must come from a catalogue.
VISIBLE = re.compile(
    r'\b(gtk_label_new\w*|gtk_\w*button_new_with\w*|gtk_frame_new|'
    r'gtk_widget_set_tooltip_\w+|gtk_window_set_title|gtk_dialog_add_button|'
    r'g_message|gimp_message|gimp_progress_init)\s*\([^;"]*?(?<!_\()"([^"]*)"')


def run(*command, text=None):
    """What a command prints; a failure ends the test with its message."""
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stderr}")
    return done.stdout


class Project:
    def __init__(self, root, built, domain):
        self.root = pathlib.Path(root)
        self.built = pathlib.Path(built)
        self.domain = domain
        self.po = self.root / "po"
        self.languages = (self.po / "LINGUAS").read_text().split()
        self.listed = (self.po / "POTFILES").read_text().split()

    def extract(self, names):
        template = run(*XGETTEXT, *(str(self.root / name) for name in names))
        return template.replace("charset=CHARSET", "charset=UTF-8")

    def sources(self):
        files = sorted((self.root / "plugin").rglob("*"))
        return [str(f.relative_to(self.root)) for f in files
                if f.suffix in (".h", ".cpp")]


def messages(template):
    """The ids in a catalogue's text."""
    found = re.findall(r'^msgid ((?:".*"\n)+)', template, re.MULTILINE)
    return {"".join(re.findall(r'"(.*)"', block)) for block in found} - {""}


def check_catalogues(project):
    problems = []
    for language in project.languages:
        path = project.po / f"{language}.po"
        done = subprocess.run(
            ["msgfmt", "--check", "--check-accelerators=_",
             "--output-file=/dev/null", str(path)],
            capture_output=True, text=True)
        if done.returncode or done.stderr:
            problems.append(done.stderr)
    unlisted = {p.stem for p in project.po.glob("*.po")} - set(project.languages)
    if unlisted:
        problems.append(f"not in LINGUAS: {sorted(unlisted)}")
    return problems


def check_potfiles(project):
    problems = [f"{name} is in POTFILES but not in the tree"
                for name in project.listed if not (project.root / name).exists()]
    if problems:
        return problems
    missing = messages(project.extract(project.sources())) - messages(
        project.extract(project.listed))
    return [f"in no file of POTFILES: {text}" for text in sorted(missing)]


def check_complete(project):
    template = project.extract(project.listed)
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        pot = pathlib.Path(folder) / "now.pot"
        pot.write_text(template)
        for language in project.languages:
            path = str(project.po / f"{language}.po")
            merged = run("msgmerge", "--quiet", "--no-fuzzy-matching",
                         "--output-file=-", path, str(pot))
            for kind in ("--untranslated", "--only-fuzzy"):
                left = run("msgattrib", kind, "--no-obsolete", "-", text=merged)
                problems += [f"{language}, {kind[2:]}: {text}"
                             for text in sorted(messages(left))]
    return problems


def check_installed(project):
    """The built catalogues hold what the sources say."""
    problems = []
    for language in project.languages:
        built = (project.built / language / "LC_MESSAGES" /
                 f"{project.domain}.mo")
        if not built.exists():
            problems.append(f"{built} was not built")
            continue
        missing = messages(project.extract(project.listed)) - messages(
            run("msgunfmt", str(built)))
        problems += [f"{language}: not in the built catalogue: {text}"
                     for text in sorted(missing)]
    return problems


def check_literals(project):
    problems = []
    for name in project.sources():
        text = (project.root / name).read_text()
        for match in VISIBLE.finditer(text):
            before = match.group(0).rsplit('"' + match.group(2), 1)[0].rstrip()
            shown = re.sub(r"[^A-Za-z]", "", match.group(2))
            if before.endswith(("_(", "N_(", "TEXT(")) or not shown:
                continue
            line = text.count("\n", 0, match.start()) + 1
            problems.append(f"{name}:{line}: {match.group(0)}")
    return problems


def main():
    check, *where = sys.argv[1:]
    problems = globals()[f"check_{check}"](Project(*where))
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
