"""资格自测 in the hand: with scripts and without, in both types, by touch and by keyboard, at 200 % and 320 px."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PATIENCE_MS, SIZES
from tests.support.crews import county_data

PATH = "/self-test/"
LEAST_TOUCH_PX = 44

LOW_CONTRAST = """() => {
  const read = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = read(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, .skip-link"))
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((element) => {
      const pair = [light(read(getComputedStyle(element).color)), light(ground(element))].sort();
      return [(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), element.textContent.trim().slice(0, 30)];
    })
    .filter(([ratio]) => ratio < 4.5);
}"""
UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, button, a, summary")]
  .filter((element) => element.checkVisibility())
  .filter((element) => !(element.labels && element.labels.length) && !element.textContent.trim())
  .map((element) => element.outerHTML)"""
TOO_SMALL = """(least) =>
  [...document.querySelectorAll("main :is(input:not([type=hidden]), select, .btn), .display-switch")]
  .filter((element) => element.checkVisibility())
  .map((element) => ["checkbox", "radio"].includes(element.type) ? element.labels[0] : element)
  .filter((element) => element.getBoundingClientRect().height < least)
  .map((element) => element.outerHTML.slice(0, 80))"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def figures(county: None, transactional_db: None) -> None:
    county_data()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(request: pytest.FixtureRequest, chromium: Browser, figures: None, live_server: LiveServer) -> Iterator[Page]:
    width, height = SIZES["phone"]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        has_touch=True,
        is_mobile=True,
        java_script_enabled=request.param,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    assert context.cookies() == []
    context.close()


def go_on(page: Page, words: str = "下一步") -> None:
    page.locator(".test-buttons").get_by_role("button", name=words).click()


def tell_place(page: Page, people: str) -> None:
    page.get_by_label("您家在哪个乡镇").select_option(label="临溪镇")
    page.get_by_text("农村", exact=True).click()
    page.get_by_label("一起生活的有几口人").fill(people)
    go_on(page)


def tell_person(page: Page, place: int, age: str, occupation: str, kin: str = "") -> None:
    card = page.locator(".test-card").nth(place)
    if kin:
        card.get_by_label("是户主的什么人").select_option(kin)
    card.get_by_label("几周岁").fill(age)
    card.get_by_label("现在做什么").select_option(occupation)


def test_an_old_couple_finds_out_on_a_phone(phone: Page, live_server: LiveServer) -> None:
    phone.goto(f"{live_server.url}/check/")
    phone.get_by_role("link", name="资格自测").click()
    go_on(phone)
    expect(phone.get_by_role("alert")).to_contain_text("有3处需要改正，您填写的内容都还在")
    tell_place(phone, "2口人")
    expect(phone.get_by_role("heading", level=2)).to_have_text("家里的人")
    tell_person(phone, 0, "78岁", "at_home")
    tell_person(phone, 1, "七十五", "at_home", "spouse")
    go_on(phone)
    expect(phone.get_by_role("alert")).to_contain_text("第2个人，几周岁：请填数字")
    second = phone.locator(".test-card").nth(1).get_by_label("几周岁")
    expect(second).to_have_value("七十五")
    second.fill("75")
    go_on(phone)
    phone.locator("[name=income-0-other]").fill("0.12万")
    go_on(phone)
    phone.get_by_text("房子还好").click()
    phone.locator("[name=means-mishap][value=none]").check()
    go_on(phone, "看结果")

    expect(phone.get_by_role("heading", level=2)).to_have_text("不住在一起的亲人")
    expect(phone.get_by_text("第1位亲人")).to_be_hidden()
    phone.locator("[name=relatives-known][value=yes]").check()
    phone.locator("[name=relative-0-age]").fill("50")
    phone.locator("[name=relative-0-ability]").select_option("in_prison")
    phone.get_by_text("洗澡").first.click()
    go_on(phone, "看结果")

    expect(phone.get_by_role("heading", level=1)).to_have_text("自测结果")
    main = phone.get_by_role("main")
    expect(main).to_contain_text("您家可能符合：特困供养（每月约1,982元）")  # 786＋356 and 786＋54
    expect(main).to_contain_text("临溪镇为民服务中心社会救助窗口")
    expect(main).to_contain_text("您照样可以申请")
    assert phone.url == f"{live_server.url}{PATH}"

    phone.get_by_role("button", name="这一年的收入").click()
    expect(phone.locator("[name=income-0-other]")).to_have_value("0.12万")


def test_by_keyboard_from_the_first_question_to_the_second(
    figures: None, desktop: Page, live_server: LiveServer
) -> None:
    desktop.goto(live_server.url + PATH)
    desktop.wait_for_load_state()
    focused = []
    for _ in range(6):
        desktop.keyboard.press("Tab")
        focused.append(desktop.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
    assert focused == ["跳到正文", "go", "place-area", "place-residence", "place-people", "go"]
    desktop.get_by_label("您家在哪个乡镇").focus()
    desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Space")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type("1")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", level=2)).to_have_text("家里的人")
    desktop.wait_for_load_state()
    # Enter goes on; it neither takes a person out nor changes the type.
    desktop.get_by_label("几周岁").fill("70")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("alert")).to_be_focused()
    assert desktop.context.cookies() == []


def every_step(page: Page, live_server: LiveServer) -> Iterator[str]:
    """Each page of the self-test in turn, the faulty ones too."""
    page.goto(live_server.url + PATH)
    yield "place"
    tell_place(page, "2")
    yield "people"
    go_on(page)
    yield "people with faults"
    tell_person(page, 0, "70", "at_home")
    tell_person(page, 1, "9", "compulsory", "grandchild")
    go_on(page)
    yield "incomes"
    go_on(page)
    yield "means"
    page.locator("[name=means-housing][value=unsafe]").check()
    page.locator("[name=means-mishap][value=fire]").check()
    go_on(page, "看结果")
    page.locator("[name=relatives-known][value=yes]").check()
    yield "relatives"
    page.locator("[name=relatives-known][value=no]").check()
    go_on(page, "看结果")
    for folded in page.locator("details").all():
        folded.locator("summary").click()
    yield "answer"


@pytest.mark.parametrize("large", [False, True], ids=["standard", "large"])
def test_everything_is_named_large_enough_and_readable(
    figures: None, screen: Page, live_server: LiveServer, large: bool
) -> None:
    if large:
        screen.goto(live_server.url + PATH)
        screen.get_by_role("button", name="大字版").click()
        expect(screen.get_by_role("button", name="标准版")).to_be_visible()
    size = screen.viewport_size
    assert size is not None
    for step in every_step(screen, live_server):
        screen.wait_for_load_state()
        assert screen.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == (24 if large else 18), step
        assert screen.evaluate(UNNAMED) == [], step
        assert screen.evaluate(TOO_SMALL, LEAST_TOUCH_PX) == [], step
        assert screen.evaluate(LOW_CONTRAST) == [], step
        assert screen.locator("h1").count() == 1
        for width in (size["width"], size["width"] // 2 if size["width"] > 640 else 320):
            screen.set_viewport_size({"width": width, "height": size["height"]})
            assert screen.evaluate(OVERFLOW) <= 0, f"{step} at {width}px"
        screen.set_viewport_size(size)


def test_large_type_in_the_middle_loses_nothing_and_stays(figures: None, screen: Page, live_server: LiveServer) -> None:
    screen.goto(live_server.url + PATH)
    screen.get_by_label("一起生活的有几口人").fill("很多")
    screen.get_by_role("button", name="大字版").click()
    expect(screen.get_by_label("一起生活的有几口人")).to_have_value("很多")
    expect(screen.get_by_role("alert")).to_have_count(0)
    screen.goto(f"{live_server.url}/check/")
    expect(screen.locator("body")).to_have_class("public-page large ")
    screen.get_by_role("link", name="标准版").click()
    expect(screen.get_by_role("link", name="大字版")).to_be_visible()
    assert screen.context.cookies() == []
