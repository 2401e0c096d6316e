"""What a person calls the program that they sign in with: 手机微信, Windows 电脑上的 Edge; pure text."""

_PROGRAMS = (
    ("MicroMessenger", "微信"),
    ("QIHU", "360浏览器"),
    ("360SE", "360浏览器"),
    ("Qaxbrowser", "奇安信浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MQQBrowser", "QQ浏览器"),
    ("QQBrowser", "QQ浏览器"),
    ("UCBrowser", "UC浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "苹果手机"),
    ("iPad", "iPad"),
    ("OpenHarmony", "鸿蒙手机"),
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("UOS", "统信电脑"),
    ("Kylin", "麒麟电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
"""The first that is named holds: every phone's browser also calls itself Safari, every Edge also Chrome."""


def device_name(user_agent: str) -> str:
    """Machine and program as people know them; 未知设备 for what says nothing of itself."""
    named = [
        next((name for sign, name in known if sign.lower() in user_agent.lower()), "")
        for known in (_MACHINES, _PROGRAMS)
    ]
    return "・".join(filter(None, named)) or "未知设备"
