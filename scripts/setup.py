"""Prepare this checkout: virtual environment, locked packages, system libraries, fonts, keys.

Runs with the system's own Python and the standard library alone. Looks first, says exactly what it installs, and may
be run again at any time: what is done already is not done twice. What stops it is told in one sentence; what the
programs that it ran had to say is in ``var/log/setup.log``.
"""

import argparse
import ctypes
import errno
import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, NoReturn

# No syntax newer than 3.6 below: an old Python reads this file whole before it comes to this line.
if sys.version_info < (3, 11):  # noqa: UP036
    found = sys.version.split()[0]
    sys.exit(f"需要 Python 3.11 或更新版本，现在是 {found}。请安装后再运行；已有的用 make PYTHON=python3.12 … 指明。")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = Path(os.environ.get("JIXI_VAR_DIR", ROOT / "var"))
FONTS = VAR / "fonts"
MEGABYTES = 500  # .venv, fonts, and the embedded servers' programs and data
LOG = VAR / "log" / "setup.log"
LIBRARIES = {  # what WeasyPrint loads → the Debian package that holds it
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
FANDOL_PACKAGE = "texlive-lang-chinese"
FANDOL_FILES = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
FANDOL_LICENCE = "usr/share/doc/texlive-doc/fonts/fandol"
REQUIREMENTS = ("base", "demo", "test")  # each holds those before it whole
QUIET: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}  # shown only when it fails
FONTS_CONF = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<!-- Written by make setup. Fonts of the printed papers (文书). -->
<fontconfig>
  <dir>{fonts}/fandol</dir>
  <dir>{fonts}/noto</dir>
  <!-- The county's own fonts (仿宋_GB2312, 方正小标宋) are preferred where they are installed. -->
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <cachedir>{fonts}/cache</cachedir>
  <!-- The bold cuts of Fandol claim the weight of the regular ones. -->
  <match target="scan">
    <test name="family" compare="contains"><string>Fandol</string></test>
    <test name="style"><string>Bold</string></test>
    <edit name="weight" mode="assign"><const>bold</const></edit>
  </match>
  <!-- Debian's Noto CJK collections cost 0.2 s and 400 MB a process; Noto SC below holds the same characters. -->
  <selectfont><rejectfont><glob>*Noto*CJK*.ttc</glob></rejectfont></selectfont>
  <!-- Rare characters of names come from Noto. -->
  <match target="pattern">
    <edit name="family" mode="append_last"><string>Noto Serif SC</string></edit>
  </match>
</fontconfig>
"""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(text: str, code: int = 1) -> NoReturn:
    sys.stderr.write(f"\n{text}\n")
    sys.exit(code)


def run(command: list[str], **options: Any) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)


def said_by(error: subprocess.CalledProcessError) -> str:
    """What a program that failed wrote; kept in the log, since only its meaning is shown."""
    said = (error.stdout or b"").decode(errors="replace").strip()
    try:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        LOG.write_text(f"{' '.join(map(str, error.cmd))}\n{said}\n", encoding="utf-8")
    except OSError:  # a full disk is told by what comes next
        pass
    return said


def last_line(said: str) -> str:
    return said.splitlines()[-1] if said else "没有说明"


# --- The system ------------------------------------------------------------------------------------------------
def missing_packages(*, with_browser: bool) -> list[str]:
    packages = [package for library, package in LIBRARIES.items() if not loads(library)]
    if not (VENV / "bin" / "pip").exists() and importlib.util.find_spec("ensurepip") is None:
        packages.append("python3-venv" if sys.prefix == "/usr" else f"python3.{sys.version_info.minor}-venv")
    if with_browser and not (shutil.which("chromium") or os.environ.get("JIXI_CHROMIUM")):
        packages.append("chromium")
    return packages


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_packages(packages: list[str]) -> None:
    names = " ".join(packages)
    by_hand = f"sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends {names}'"
    if shutil.which("apt-get") is None:
        stop(f"缺少系统组件：{names}（Debian 包名）。本机没有 apt-get，请用本机的方法安装后再运行。")
    rights = root_prefix()
    if rights is None:
        stop(f"缺少系统组件，当前账号没有安装的权限。请由管理员运行下面这一条命令，然后再来：\n\n  {by_hand}\n")
    say(f"安装系统组件：{names}")
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    try:
        run([*apt, "update"], **QUIET)
        run([*apt, "install", "-y", "--no-install-recommends", *packages], **QUIET)
    except subprocess.CalledProcessError as error:
        reason = last_line(said_by(error))
        stop(f"系统组件没有装上（{reason}）。请检查网络和软件源后再运行，或由管理员运行：\n\n  {by_hand}\n")


def root_prefix() -> "list[str] | None":
    """What to put before a command that needs root; None where there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n"]
    if not sys.stdin.isatty():
        return None
    say("安装系统组件需要管理员权限，sudo 可能会询问您的密码。")
    return ["sudo"] if subprocess.call(["sudo", "-v"]) == 0 else None


# --- Python packages -------------------------------------------------------------------------------------------
def make_venv() -> None:
    if (VENV / "bin" / "pip").exists():
        if not runs(VENV / "bin" / "python"):
            stop("虚拟环境 .venv 里的 Python 不能用了（可能系统升级或移动过目录）。请删除 .venv 后再运行 make setup。")
        return
    free = shutil.disk_usage(ROOT).free // 1000_000
    if free < MEGABYTES:
        stop(f"磁盘只剩 {free} MB，安装约需 {MEGABYTES} MB。请清理磁盘后再运行。")
    say(f"建立虚拟环境 .venv（Python {sys.version.split()[0]}）")
    try:
        run([sys.executable, "-m", "venv", str(VENV)], **QUIET)
    except subprocess.CalledProcessError as error:
        said = said_by(error)
        stop(of_the_disk(said) or f"虚拟环境没有建成（{last_line(said)}）。请删除 .venv 后再运行；详情见 {LOG}。")


def runs(python: Path) -> bool:
    try:
        return subprocess.call([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]) == 0
    except OSError:
        return False


def install_requirements(name: str) -> None:
    if any(is_installed(whole) for whole in REQUIREMENTS[REQUIREMENTS.index(name) :]):
        return
    requirements = ROOT / "requirements" / f"{name}.txt"
    say(f"按 requirements/{name}.txt 安装锁定版本的 Python 包（首次约需 1 至 3 分钟）")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    try:
        run([*pip, "install", "-q", "-r", str(requirements)], **QUIET)
    except subprocess.CalledProcessError as error:
        stop(f"{why_pip_failed(said_by(error))}详情见 {LOG}。")
    stamp(name).write_text(digest(name))


def why_pip_failed(said: str) -> str:
    """One sentence for what pip wrote."""
    of_disk = of_the_disk(said)
    if of_disk:
        return of_disk
    if re.search("DO NOT MATCH THE HASHES|Hash(es)? (did not|mismatch)|hash mismatch", said):
        return "下载的 Python 包与登记的校验值不符，可能下载中断或镜像被改动，没有安装。请换一个软件源后再运行。"
    if re.search(
        "NewConnectionError|ConnectTimeout|ReadTimeout|Read timed out|ProxyError|SSLError|name resolution", said
    ):
        return (
            "连不上 Python 软件源，没有装完。请检查网络后再运行；需要代理或镜像的，"
            "用 HTTPS_PROXY 或 PIP_INDEX_URL 指明，例如 PIP_INDEX_URL=https://镜像地址/simple make demo。"
        )
    missing = re.search(r"No matching distribution found for (\S+)", said)
    if missing:
        machine = f"Python {platform.python_version()}、{platform.machine()}"
        return f"软件源没有应答，或没有适合本机（{machine}）的 {missing[1]}。请检查网络，或换一个软件源后再运行。"
    return f"Python 包没有装上（{last_line(said)}）。请按提示处理后再运行。"


def of_the_disk(said: str) -> str:
    """A full disk or a missing right, from what a program wrote; empty for anything else."""
    if "No space left" in said or "Disk quota" in said:
        return "磁盘已满，没有装完。请清理磁盘后再运行，装好的部分会接着用。"
    if re.search("Permission denied|Read-only file system", said):
        return f"当前账号不能写 {ROOT}。请换用建立这个目录的账号，或改正它的属主后再运行。"
    return ""


def is_installed(name: str) -> bool:
    return stamp(name).exists() and stamp(name).read_text() == digest(name)


def stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


# --- Fonts -----------------------------------------------------------------------------------------------------
def install_fonts() -> None:
    write_if_changed(FONTS / "fonts.conf", FONTS_CONF.format(fonts=FONTS.resolve()))
    link_noto()
    if any((FONTS / "fandol").glob("*.otf")):
        return
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        say("本机没有 apt-get，打印文书暂用思源宋体（Noto Serif SC）代替仿宋。")
        return
    say(f"下载仿宋、宋、楷、黑字体（Fandol，取自 Debian 的 {FANDOL_PACKAGE}，49 MB，只取字体，不安装 TeX）")
    try:
        unpack_fandol()
    except (subprocess.CalledProcessError, OSError):
        say("没有取到 Fandol 字体，打印文书暂用思源宋体（Noto Serif SC）代替仿宋；联网后再运行 make setup 即可补上。")


def link_noto() -> None:
    found = next(VENV.glob("lib/python3*/site-packages/pylopdf_fonts_zh_cn"), None)
    if found is None:
        stop("虚拟环境里没有字体包 pylopdf-fonts-zh-cn。请删除 .venv 后再运行 make setup。")
    (FONTS / "noto").mkdir(parents=True, exist_ok=True)
    for font in found.glob("*.otf"):
        link = FONTS / "noto" / font.name
        if not link.exists() or link.resolve() != font.resolve():
            link.unlink(missing_ok=True)
            link.symlink_to(font)


def unpack_fandol() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: S103 -- apt downloads under an account of its own
        download_package(Path(folder))
        package = next(Path(folder).glob(f"{FANDOL_PACKAGE}_*.deb"))
        run(["dpkg-deb", "-x", str(package), f"{folder}/unpacked"])
        unpacked = Path(folder, "unpacked")
        unfinished = FONTS / "fandol.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(unpacked / FANDOL_FILES, unfinished, ignore=shutil.ignore_patterns("*Braille*"))
        shutil.copytree(unpacked / FANDOL_LICENCE, unfinished, dirs_exist_ok=True)
        shutil.rmtree(FONTS / "fandol", ignore_errors=True)
        unfinished.rename(FONTS / "fandol")


def download_package(folder: Path) -> None:
    """Needs no root where the package lists are there; a bare machine has none, so fetch them when we may."""
    command = ["apt-get", "download", "-q", FANDOL_PACKAGE]
    try:
        run(command, cwd=folder, **QUIET)
    except subprocess.CalledProcessError:
        rights = root_prefix()
        if rights is None:
            raise
        run([*rights, "apt-get", "update", "-q"], **QUIET)
        run(command, cwd=folder, **QUIET)


def write_if_changed(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


# --- Keys ------------------------------------------------------------------------------------------------------
def make_keys() -> None:
    secret = VAR / "secret_key"
    if not secret.exists():
        unfinished = VAR / "secret_key.new"  # an interrupted write leaves no empty key
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
        unfinished.rename(secret)
        say(f"已生成会话密钥 {secret}（权限 0600）")
    if not (VAR / "keys.json").exists():
        run([str(VENV / "bin" / "python"), "manage.py", "make_keys"], cwd=ROOT)


def wait_for_turn() -> "IO[str]":
    """The lock that one set-up of a checkout holds until its process ends; two would write the same files."""
    VAR.mkdir(parents=True, exist_ok=True)
    lock = (VAR / "setup.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("另一次准备正在这个目录里进行，等它完成…")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main() -> None:
    parser = argparse.ArgumentParser(description="准备运行环境")
    purpose = parser.add_mutually_exclusive_group()
    purpose.add_argument("--test", action="store_true", help="另装测试和检查用的工具")
    purpose.add_argument("--serve", action="store_true", help="只装生产环境所需：没有内嵌服务器，不生成密钥")
    options = parser.parse_args()
    with wait_for_turn():
        packages = missing_packages(with_browser=options.test)
        if packages:
            install_packages(packages)
        make_venv()
        install_requirements("test" if options.test else "base" if options.serve else "demo")
        install_fonts()
        if not options.serve:
            make_keys()


def guarded() -> None:
    """The set-up, with whatever ends it told in one sentence."""
    try:
        main()
    except KeyboardInterrupt:
        stop("已中断，没有装完。再运行一次会接着做，已做完的不重做。", 130)
    except subprocess.CalledProcessError as error:  # the program has told itself what was wrong
        sys.exit(error.returncode)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            stop(of_the_disk("No space left"))
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            stop(f"当前账号不能写 {error.filename}。请换用建立这个目录的账号，或改正它的属主后再运行。")
        raise


if __name__ == "__main__":
    guarded()
