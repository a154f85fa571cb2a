"""The phone page in a real browser, with a small bot behind the sandbox."""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import orjson
import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, async_playwright, expect

from botkit.gateway.sandbox import KEY, Sandbox

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

MENU = "¡Hola, *Ana*! <img src=x onerror=alert(1)>\n\n1. _Pedir_ cita\n2. Ver mis citas"
DAYS = [{"id": "lunes", "title": "Lunes 9:30"}, {"id": "martes", "title": "Martes 16:00"}]
ANA = "59171234567"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not CHROMIUM.exists() and os.environ.get("BOTKIT_REQUIRE_BROWSER") != "1",
        reason="no Chromium; apt-get install chromium",
    ),
]


class Bot:
    """Answers hola with a menu, 1 with buttons and a tap with its id; refuses `no`."""

    def __init__(self) -> None:
        self.got: list[dict[str, object]] = []
        self.up = True
        self.sandbox: Sandbox

    @property
    def sandbox_url(self) -> str:
        """Where the sandbox is."""
        return self.sandbox.url

    async def restart_sandbox(self) -> None:
        """Start another sandbox where the one before listened."""
        await self.sandbox.stop()
        port = int(self.sandbox.url.rpartition(":")[2])
        self.sandbox = Sandbox(self.sandbox.webhook_url, port=port)
        await self.sandbox.start()

    async def take(self, request: web.Request) -> web.Response:
        """Take a webhook and answer the person, if there is something to say."""
        item = orjson.loads(await request.read())
        if not self.up:
            return web.Response(status=503)
        self.got.append(item)
        match item:
            case {"text": "hola"}:
                await self.send(item["from"], type="text", text=MENU)
            case {"text": "1"}:
                await self.send(item["from"], type="choices", text="¿Qué día?", options=DAYS)
            case {"choice": choice}:
                await self.send(item["from"], type="text", text=f"Anotado: {choice['id']}")
            case {"text": "no"}:
                return web.Response(status=400)
        return web.Response()

    async def send(self, to: str, **message: object) -> None:
        """Send a message as a bot."""
        headers = {"X-Api-Key": KEY}
        async with (
            ClientSession() as http,
            http.post(f"{self.sandbox_url}/messages", json={"to": to, **message}, headers=headers) as response,
        ):
            assert response.status == 200


@pytest_asyncio.fixture(loop_scope="module")
async def bot() -> AsyncIterator[Bot]:
    """A bot and the sandbox before it."""
    bot = Bot()
    app = web.Application()
    app.router.add_post("/webhook", bot.take)
    async with TestServer(app) as server:
        bot.sandbox = Sandbox(str(server.make_url("/webhook")), port=0)
        await bot.sandbox.start()
        yield bot
        await bot.sandbox.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium, one for all tests here: starting it takes a second."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


OpenPhone = Callable[..., Awaitable[tuple[Page, list[str]]]]


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Browser, bot: Bot) -> AsyncIterator[OpenPhone]:
    """Open the page, and return it with the list that its errors will be in."""
    contexts: list[BrowserContext] = []

    async def opened(*, width: int = 1200, locale: str = "es-BO") -> tuple[Page, list[str]]:
        context = await browser.new_context(viewport={"width": width, "height": 800}, locale=locale)
        contexts.append(context)
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto(bot.sandbox_url)
        # A wide page opens the first chat by itself; until then what is typed has nobody to go to.
        await expect(page.locator(".contact[aria-current]" if width > 600 else ".contact")).to_have_count(1)
        return page, errors

    yield opened
    for context in contexts:
        await context.close()


async def say(page: Page, text: str) -> None:
    """Type a text and press Enter."""
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def test_conversation(phone: OpenPhone, bot: Bot) -> None:
    """A newcomer types hola, gets a menu, and taps the way through it."""
    page, errors = await phone()
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("hola")
    await page.keyboard.press("Enter")
    answer = page.locator(".bubble[data-direction=out]").last
    await expect(answer.locator("strong")).to_have_text("Ana")
    await expect(page.locator(".bubble[data-direction=in]")).to_have_attribute("data-state", "delivered")
    await page.click("[data-reply='1']")
    await page.click("[data-reply=lunes]")
    await expect(answer).to_contain_text("Anotado: lunes")
    await expect(page.locator("[data-reply]")).to_have_count(0)
    await expect(page.locator(".bubble[data-type=choices] + .replies .reply")).to_have_text(
        ["Lunes 9:30", "Martes 16:00"]
    )
    await expect(page.locator("button.reply")).to_have_count(0)
    tap = bot.got[-1]["choice"]
    assert isinstance(tap, dict)
    assert (tap["id"], tap["title"]) == ("lunes", "Lunes 9:30")
    assert errors == []


async def test_operator(phone: OpenPhone, bot: Bot) -> None:
    """Who runs the business writes from its phone: the bot gets an echo, and the person's turn comes back."""
    page, errors = await phone()
    await page.click("#operator")
    await expect(page.locator("#text")).to_have_attribute("placeholder", "Escribe como el negocio, desde su teléfono")
    await expect(page.locator("#attach")).to_be_disabled()
    await say(page, "Le escribe Rosa")
    await expect(page.locator(".bubble[data-type=echo]")).to_contain_text("desde el teléfono del negocio")
    await page.click("#operator")
    await say(page, "gracias")
    await expect(page.locator(".bubble[data-direction=in]")).to_have_attribute("data-state", "delivered")
    told = [(item["type"], item.get("to"), item.get("from"), item["text"]) for item in bot.got]
    assert told == [("echo", ANA, None, "Le escribe Rosa"), ("text", None, ANA, "gracias")]
    assert errors == []


async def test_markup_is_text(phone: OpenPhone) -> None:
    """What looks like HTML in a message is shown as it was written."""
    page, errors = await phone()
    await say(page, "hola")
    answer = page.locator(".bubble[data-direction=out]")
    await expect(answer).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(answer.locator("img")).to_have_count(0)
    assert errors == []


MARKS = {
    "*a* _b_ ~c~": "<strong>a</strong> <em>b</em> <s>c</s>",
    "*a _b_*": "<strong>a <em>b</em></strong>",
    "2*3*4": "2*3*4",
    "* a *": "* a *",
    "*a": "*a",
    "ñ*a*": "ñ*a*",
    "un_nombre_largo": "un_nombre_largo",
}


async def test_marks(phone: OpenPhone) -> None:
    """Marks become bold, italic and strike only where WhatsApp makes them so."""
    page, _ = await phone()
    for text in MARKS:
        await say(page, text)
    await expect(page.locator(".bubble")).to_have_count(len(MARKS))
    shown = [await text.inner_html() for text in await page.locator(".bubble .text").all()]
    assert shown == list(MARKS.values())


async def test_bot_down(phone: OpenPhone, bot: Bot) -> None:
    """A bot that does not answer is told of, and the notice goes when it does."""
    bot.up = False
    page, _ = await phone()
    await say(page, "hola")
    await expect(page.locator("#bot-state")).to_contain_text("El bot no responde; se reintenta")
    await expect(page.locator(".bubble")).to_have_attribute("data-state", "retrying")
    bot.up = True
    await expect(page.locator(".bubble").first).to_have_attribute("data-state", "delivered")
    await expect(page.locator("#bot-state")).to_be_hidden()


async def test_refused(phone: OpenPhone) -> None:
    """A message that the bot refuses says so."""
    page, _ = await phone()
    await say(page, "no")
    await expect(page.locator(".bubble .trouble")).to_have_text("el bot lo rechazó (HTTP 400)")


async def test_not_sent(phone: OpenPhone, bot: Bot) -> None:
    """What is written while the sandbox is down stays in the chat, over a reload too, and can be sent."""
    page, _ = await phone()
    await page.route("**/_sandbox/inbound", lambda route: route.abort("connectionrefused"))
    await say(page, "hola")
    await expect(page.locator(".bubble .text")).to_have_text("hola")
    await expect(page.locator(".bubble .trouble")).to_have_text("no enviado")
    await page.click("[data-act=retry]")
    await page.reload()
    await page.unroute("**/_sandbox/inbound")
    assert bot.got == []
    await page.click("[data-act=retry]")
    await expect(page.locator(".bubble")).to_have_count(2)
    await expect(page.locator("[data-act]")).to_have_count(0)
    assert [item["text"] for item in bot.got] == ["hola"]


async def test_not_taken(phone: OpenPhone) -> None:
    """What the sandbox does not take says why, and can be discarded."""
    page, _ = await phone()
    full = {"error": "8 webhooks wait for the bot already"}
    await page.route("**/_sandbox/inbound", lambda route: route.fulfill(status=503, json=full))
    await say(page, "hola")
    await expect(page.locator(".bubble .trouble")).to_have_text(f"no enviado ({full['error']})")
    await page.click("[data-act=discard]")
    await expect(page.locator(".bubble")).to_have_count(0)


async def test_unread(phone: OpenPhone, bot: Bot) -> None:
    """A message to another contact counts as unread until its chat is opened."""
    page, _ = await phone()
    await bot.send("59170000001", type="text", text="Recordatorio")
    await expect(page.locator("[data-contact='59170000001'] .badge")).to_have_text("1")
    await expect(page).to_have_title(re.compile(r"^\(1\)"))
    await page.click("[data-contact='59170000001']")
    await expect(page.locator(".bubble")).to_contain_text("Recordatorio")
    await expect(page.locator(".badge")).to_have_count(0)


async def test_reload(phone: OpenPhone) -> None:
    """The chat is still there after a reload."""
    page, _ = await phone()
    await say(page, "hola")
    await expect(page.locator(".bubble")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".bubble")).to_have_count(2)


async def add_contact(page: Page, name: str, number: str) -> None:
    """Add a contact with the form."""
    await page.click("#add-contact")
    await page.fill("#contact-name", name)
    await page.fill("#contact-number", number)
    await page.press("#contact-number", "Enter")


GONE = "El sandbox se reinició: los mensajes de antes ya no están."


@pytest.mark.parametrize("heard", [True, False])
async def test_restart(phone: OpenPhone, bot: Bot, heard: bool) -> None:
    """A sandbox that starts again gets the contacts back, and the page goes on as the same person."""
    page, _ = await phone()
    if heard:
        await add_contact(page, "Eva", "59170000003")
        await expect(page.locator("#chat-name")).to_have_text("Eva")
        await say(page, "hola")
        await expect(page.locator(".bubble")).to_have_count(2)
    name = "Eva" if heard else "Ana"
    await expect(page.locator("#chat-name")).to_have_text(name)
    await expect(page.locator(".restarted")).to_have_count(0)
    await bot.restart_sandbox()
    await expect(page.locator(".restarted")).to_have_text(GONE)
    await expect(page.locator(".bubble")).to_have_count(0)
    await expect(page.locator("#chat-name")).to_have_text(name)
    await expect(page.locator("#bot-state")).to_be_hidden()
    await say(page, "hola")
    await expect(page.locator(".bubble")).to_have_count(2)
    assert bot.got[-1]["name"] == name
    await page.reload()
    await expect(page.locator("#chat-name")).to_have_text(name)
    await expect(page.locator(".restarted")).to_have_text(GONE)


async def test_written_while_stopped(phone: OpenPhone, bot: Bot) -> None:
    """What was written between two runs of the sandbox is sent in the second, as whoever wrote it."""
    page, _ = await phone()
    await add_contact(page, "Eva", "59170000003")
    await expect(page.locator("#chat-name")).to_have_text("Eva")
    await bot.sandbox.stop()
    await page.click(f"[data-contact='{ANA}']")
    await expect(page.locator("#chat-name")).to_have_text("Ana")
    await say(page, "hola")
    await expect(page.locator(".bubble .trouble")).to_have_text("no enviado")
    await page.click("[data-contact='59170000003']")
    await expect(page.locator(".bubble")).to_have_count(0)
    await bot.restart_sandbox()
    await expect(page.locator(".restarted")).to_be_visible()
    await page.click(f"[data-contact='{ANA}']")
    await page.click("[data-act=retry]")
    await expect(page.locator(".bubble")).to_have_count(2)
    assert bot.got[-1]["from"] == ANA


async def test_new_tab(phone: OpenPhone, bot: Bot) -> None:
    """A page opened after the restart knows the contacts and the last one open, and tells of no loss."""
    page, _ = await phone()
    await add_contact(page, "Eva", "59170000003")
    await expect(page.locator("#chat-name")).to_have_text("Eva")
    await bot.restart_sandbox()
    later = await page.context.new_page()
    await later.goto(bot.sandbox_url)
    await expect(later.locator("#chat-name")).to_have_text("Eva")
    await expect(later.locator(".contact")).to_have_count(2)
    await expect(later.locator(".restarted")).to_have_count(0)


async def test_add_contact(phone: OpenPhone, bot: Bot) -> None:
    """A new contact can be added and writes under that name and number."""
    page, _ = await phone()
    await add_contact(page, "Luz", "+591 700 00 002")
    await expect(page.locator("#chat-name")).to_have_text("Luz")
    await say(page, "hola")
    await expect(page.locator(".bubble")).to_have_count(2)
    assert (bot.got[0]["from"], bot.got[0]["name"]) == ("59170000002", "Luz")


WRONG = {
    "es-BO": "Escribe el número con código de país, de 5 a 15 cifras y sin letras; por ejemplo, +591 700 00 002.",
    "en-GB": "Write the number with its country code, 5 to 15 digits and no letters; for example, +591 700 00 002.",
}


@pytest.mark.parametrize("locale", WRONG)
@pytest.mark.parametrize("number", ["abc", "+591", "+    ", "5917000000x", "1" * 16, ""])
async def test_wrong_number(phone: OpenPhone, locale: str, number: str) -> None:
    """A number that cannot be one is not added, and the form says what is wrong."""
    page, errors = await phone(locale=locale)
    await add_contact(page, "Luz", number)
    await expect(page.locator("#contact-error")).to_have_text(WRONG[locale])
    await expect(page.locator("#contact-number")).to_be_focused()
    await page.fill("#contact-number", "+591 (700) 00-002")
    await page.press("#contact-number", "Enter")
    await expect(page.locator("#chat-name")).to_have_text("Luz")
    await expect(page.locator("#contact-error")).to_be_hidden()
    assert errors == []


async def test_add_while_stopped(phone: OpenPhone, bot: Bot) -> None:
    """A contact that cannot be added says so and stays in the form."""
    page, _ = await phone()
    await bot.sandbox.stop()
    await add_contact(page, "Luz", "+591 700 00 002")
    await expect(page.locator("#contact-error")).to_have_text("El sandbox no responde; el contacto no se agregó.")
    await expect(page.locator("#contact-name")).to_have_value("Luz")


async def test_plus(phone: OpenPhone, bot: Bot) -> None:
    """Numbers have their plus in the list as in the chat, those of strangers too."""
    page, _ = await phone()
    await expect(page.locator(".contact-last")).to_have_text(f"+{ANA}")
    await expect(page.locator("#chat-number")).to_have_text(f"+{ANA}")
    await bot.send("59170000001", type="text", text="Recordatorio")
    await page.click("[data-contact='59170000001']")
    await expect(page.locator("[aria-current] .contact-name")).to_have_text("+59170000001")
    await expect(page.locator("#chat-name")).to_have_text("+59170000001")


PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
PICTURE: FilePayload = {"name": "carnet.png", "mimeType": "image/png", "buffer": PNG}
PAPER: FilePayload = {"name": "póliza.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}


async def attach(page: Page, button: str, file: FilePayload) -> None:
    """Choose a file behind a button of the menu."""
    await page.click("#attach")
    async with page.expect_file_chooser() as chooser:
        await page.click(button)
    await (await chooser.value).set_files(file)


@pytest.mark.parametrize("width", [1200, 380])
async def test_attach(phone: OpenPhone, bot: Bot, width: int) -> None:
    """A picture, a document and a place can be sent; what is written goes along as the caption."""
    page, errors = await phone(width=width)
    if width == 380:
        await page.click(f"[data-contact='{ANA}']")
    await page.fill("#text", "mi carnet")
    await attach(page, "#attach-picture", PICTURE)
    await expect(page.locator(".bubble img.picture")).to_have_js_property("naturalWidth", 1)
    await expect(page.locator(".bubble .text")).to_have_text("mi carnet")
    await expect(page.locator("#text")).to_have_value("")
    await attach(page, "#attach-document", PAPER)
    await expect(page.locator(".bubble[data-type=document] b")).to_have_text("póliza.pdf")
    await page.click("#attach")
    await page.click("#attach-location")
    await expect(page.locator(".bubble[data-state=delivered]")).to_have_count(3)
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert [(item["type"], item.get("filename")) for item in bot.got] == [
        ("image", "carnet.png"),
        ("document", "póliza.pdf"),
        ("location", None),
    ]
    async with ClientSession() as http, http.get(str(bot.got[0]["url"]), headers={"X-Api-Key": KEY}) as response:
        assert await response.read() == PNG
    assert errors == []


async def test_not_attached(phone: OpenPhone, bot: Bot) -> None:
    """A file that the sandbox does not take says so, and nothing is sent."""
    page, _ = await phone()
    await attach(page, "#attach-document", {"name": "vacío.txt", "mimeType": "text/plain", "buffer": b""})
    await expect(page.locator("#bot-state")).to_contain_text("No se pudo adjuntar el archivo (a medium has")
    await expect(page.locator(".bubble")).to_have_count(0)
    assert bot.got == []


async def test_sent_media(phone: OpenPhone, bot: Bot) -> None:
    """Pictures are shown, documents can be opened, a place and a person have a card; elsewhere nothing is fetched."""
    page, errors = await phone()
    data = b64encode(PNG).decode()
    await bot.send(ANA, type="image", data=data, mime="image/png", caption="*Mira*")
    await bot.send(ANA, type="document", data=data, mime="application/pdf", name="menú.pdf")
    await bot.send(ANA, type="image", url="https://example.com/foto.png")
    await bot.send(ANA, type="location", latitude=-16.5, longitude=-68.1, name="Clínica Sol")
    await bot.send(ANA, type="contact", name="Dra. Luz", phone="+59170000002")
    bubbles = page.locator(".bubble")
    await expect(bubbles).to_have_count(5)
    await expect(bubbles.nth(0).locator("img.picture")).to_have_js_property("naturalWidth", 1)
    await expect(bubbles.nth(0).locator("strong")).to_have_text("Mira")
    await expect(bubbles.nth(1).locator("a.card")).to_have_attribute("download", "menú.pdf")
    await expect(bubbles.nth(1).locator("a.card")).to_have_attribute("href", re.compile("^/_sandbox/media/media-"))
    await expect(bubbles.nth(2).locator("img")).to_have_count(0)
    await expect(bubbles.nth(2).locator("a.card")).to_have_attribute("href", "https://example.com/foto.png")
    await expect(bubbles.nth(3).locator("a.card")).to_contain_text("Clínica Sol")
    await expect(bubbles.nth(4).locator(".card")).to_contain_text("+59170000002")
    assert errors == []


async def test_what_cannot_be_shown_can_be_opened(phone: OpenPhone, bot: Bot) -> None:
    """A film that this browser does not know is a link to it."""
    page, _ = await phone()
    await bot.send(ANA, type="video", data=b64encode(b"no film").decode(), mime="video/mp4", name="visita.mp4")
    await expect(page.locator(".bubble a.card")).to_contain_text("visita.mp4")


async def test_header_and_footer(phone: OpenPhone, bot: Bot) -> None:
    """A question stands between them."""
    page, _ = await phone()
    await bot.send(ANA, type="choices", text="¿Qué día?", options=DAYS, header="Cita", footer="Clínica Sol")
    await expect(page.locator(".bubble p:not(.foot)")).to_have_text(["Cita", "¿Qué día?", "Clínica Sol"])


async def test_narrow(phone: OpenPhone) -> None:
    """On a narrow screen list and chat take turns."""
    page, _ = await phone(width=380)
    await expect(page.locator("#chat-pane")).to_be_hidden()
    await page.click(f"[data-contact='{ANA}']")
    await expect(page.locator("#list-pane")).to_be_hidden()
    await say(page, "hola")
    await expect(page.locator(".bubble")).to_have_count(2)
    await page.click("#back")
    await expect(page.locator("#list-pane")).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width == 380


@pytest.mark.parametrize(
    ("locale", "banner"),
    [
        ("es-BO", "SANDBOX · nada sale de esta máquina"),
        ("en-GB", "SANDBOX · nothing leaves this machine"),
        ("fr-FR", "SANDBOX · nada sale de esta máquina"),
    ],
)
async def test_language(phone: OpenPhone, locale: str, banner: str) -> None:
    """The page speaks Spanish, and English to a browser that asks for it."""
    page, _ = await phone(locale=locale)
    await expect(page.locator("#banner")).to_have_text(banner)
