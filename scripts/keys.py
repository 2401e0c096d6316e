"""Keys of a production system: make them where none are, or begin a new data key (个人信息密钥).

Reads no settings, since these refuse to start without keys.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from foundation.keyring import add_data_key, make_key_file  # noqa: E402 -- the checkout is no package

BACK_UP = "请把 keys.json 另行备份，不要和数据库备份放在一起：丢失后个人信息无法解密。\n"


def make(folder: Path, owner: int) -> None:
    """Both files with mode 0600; existing ones are never touched."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys, session = folder / "keys.json", folder / "secret_key"
    for path, made in ((keys, make_key_file(keys)), (session, _make_session_key(session))):
        sys.stdout.write(f"{path} {'已生成（权限 0600）' if made else '已存在，未改动'}\n")
    for path in (folder, keys, session):
        if os.geteuid() == 0:
            os.chown(path, owner, owner)
    sys.stdout.write(BACK_UP)


def rotate(folder: Path) -> None:
    """Write with a fresh data key from now on; former keys stay, since old values are read with them."""
    version = add_data_key(folder / "keys.json")
    sys.stdout.write(
        f"已换用第 {version} 版数据密钥，旧密钥保留；运行中的程序会自己换用，不用重启。\n{BACK_UP}"
        "备份之后请运行 manage.py rotate_keys，把已有的内容改用新密钥加密。\n"
    )


def _make_session_key(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description="生产环境的密钥")
    acts = parser.add_subparsers(dest="act", required=True)
    making = acts.add_parser("make", help="生成密钥，已有的不动")
    making.add_argument("--owner", type=int, default=os.geteuid(), help="文件属主的编号")
    rotating = acts.add_parser("rotate", help="换用新的数据密钥，旧密钥保留")
    for act in (making, rotating):
        act.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.act == "make":
        make(options.folder, options.owner)
    else:
        rotate(options.folder)


if __name__ == "__main__":
    main()
