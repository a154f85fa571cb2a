// The page's words, Spanish unless the browser asks for English.

const WORDS = {
  es: {
    banner: "nada sale de esta máquina",
    chats: "Chats",
    addContact: "Agregar contacto",
    name: "Nombre",
    number: "Número",
    badName: "Escribe un nombre.",
    badNumber: "Escribe el número con código de país, de 5 a 15 cifras y sin letras; por ejemplo, +591 700 00 002.",
    notAdded: "El sandbox no responde; el contacto no se agregó.",
    cancel: "Cancelar",
    add: "Agregar",
    hint: "Aquí eres tú la gente que escribe al bot. Cada contacto es una persona de mentira.",
    back: "Volver a los chats",
    conversation: "Conversación",
    attach: "Adjuntar",
    photo: "Foto",
    picture: "Foto o video",
    notAttached: "No se pudo adjuntar el archivo",
    location: "Ubicación",
    document: "Documento",
    audio: "Audio",
    video: "Video",
    contact: "Contacto",
    write: "Escribe un mensaje",
    writeAsOperator: "Escribe como el negocio, desde su teléfono",
    operator: "Escribir desde el teléfono del negocio",
    send: "Enviar",
    today: "Hoy",
    yesterday: "Ayer",
    restarted: "El sandbox se reinició: los mensajes de antes ya no están.",
    empty: "Escribe «hola» para empezar.",
    you: "Tú",
    bot: "Bot",
    business: "El negocio",
    phoneEcho: "desde el teléfono del negocio",
    typing: "escribiendo…",
    unread: "sin leer",
    queued: "en camino",
    delivered: "el bot lo recibió",
    retrying: "el bot no responde; se reintenta",
    refused: "el bot lo rechazó",
    given_up: "el bot nunca respondió",
    unsent: "no enviado",
    retry: "Reintentar",
    discard: "Descartar",
    botDown: "El bot no responde; se reintenta",
    botRefuses: "El bot rechazó el último mensaje",
    "cannot connect": "no hay conexión",
    "connection lost": "se cortó la conexión",
    "no answer": "no contestó a tiempo",
    streamDown: "El sandbox no responde; se reintenta",
  },
  en: {
    banner: "nothing leaves this machine",
    chats: "Chats",
    addContact: "Add contact",
    name: "Name",
    number: "Number",
    badName: "Write a name.",
    badNumber: "Write the number with its country code, 5 to 15 digits and no letters; for example, +591 700 00 002.",
    notAdded: "The sandbox does not answer; the contact was not added.",
    cancel: "Cancel",
    add: "Add",
    hint: "Here you are the people who write to the bot. Every contact is a pretended person.",
    back: "Back to chats",
    conversation: "Conversation",
    attach: "Attach",
    photo: "Photo",
    picture: "Photo or video",
    notAttached: "The file could not be attached",
    location: "Location",
    document: "Document",
    audio: "Audio",
    video: "Video",
    contact: "Contact",
    write: "Write a message",
    writeAsOperator: "Write as the business, from its phone",
    operator: "Write from the business's phone",
    send: "Send",
    today: "Today",
    yesterday: "Yesterday",
    restarted: "The sandbox was restarted: earlier messages are gone.",
    empty: "Write “hola” to begin.",
    you: "You",
    bot: "Bot",
    business: "The business",
    phoneEcho: "from the business's phone",
    typing: "typing…",
    unread: "unread",
    queued: "on its way",
    delivered: "the bot has it",
    retrying: "the bot does not answer; trying again",
    refused: "the bot refused it",
    given_up: "the bot never answered",
    unsent: "not sent",
    retry: "Try again",
    discard: "Discard",
    botDown: "The bot does not answer; trying again",
    botRefuses: "The bot refused the last message",
    streamDown: "The sandbox does not answer; trying again",
  },
};

export const language = navigator.language.toLowerCase().startsWith("en") ? "en" : "es";

export function word(name) {
  return WORDS[language][name] ?? name;
}

export function translate(root) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = word(node.dataset.hint);
}

export function clockTime(at) {
  return new Date(at * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

export function dayName(at) {
  const day = new Date(at * 1000).toDateString();
  if (day === new Date().toDateString()) return word("today");
  if (day === new Date(Date.now() - 86_400_000).toDateString()) return word("yesterday");
  return new Date(at * 1000).toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric" });
}
