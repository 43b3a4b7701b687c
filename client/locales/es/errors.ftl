# Qué salió mal y qué hacer ahora.

error-other = { $text }
error-ended = Se detuvo. No se envió nada.
error-occupied = Ya existe { $path }. Elija otro nombre.
error-file-missing = No existe { $path }. Revise el nombre e inténtelo de nuevo; no se envió nada.
error-file = No se puede usar { $path }: { $why }. Corríjalo e inténtelo de nuevo.
why-not-allowed = permiso denegado
why-disk-full = el disco está lleno
why-a-folder = es una carpeta

## El enlace
error-link-address = Esto no es un enlace. Escriba el enlace de un buzón entre comillas rectas, como aquí, para que no se pierda el signo #: "https://drop.example/#kua1…"
error-link-insecure = Este enlace no es seguro. El enlace de un buzón empieza por https://, o por http:// si la dirección termina en .onion.
error-link-extra = En el enlace de un buzón no hay nada entre la dirección y el signo #. Pida el enlace otra vez.
error-link-no-fingerprint = Falta la parte que va después de #: sin ella nadie puede saber si este es el buzón correcto. Ponga el enlace entre comillas rectas ("…") o pídalo otra vez.
error-link-mistyped = La parte que va después de # tiene un error de escritura. Compárela con el enlace que le dieron; no se envió nada.
error-link-newer = El enlace es más nuevo que este programa. Consiga la versión más reciente.

## La lista de coordinación
error-not-open = Este buzón aún no está abierto: el equipo de coordinación tiene que firmar su lista. Inténtelo más tarde; no se envió nada.
error-roster-other-root = ALTO. Este no es el buzón que indica su enlace: otra persona firmó la lista de coordinación. No envíe nada y avise a quien le dio el enlace.
error-roster-not-yet = La lista de coordinación vale a partir del { $day }. ¿Es correcta la fecha de este dispositivo? No se envió nada.
error-roster-expired = La lista de coordinación venció el { $day }. O la fecha de este dispositivo está mal, o el equipo de coordinación tiene que renovarla. No se envió nada.
error-roster-bad = Se rechazó la lista de coordinación del buzón: { $why }. No se envió nada; pregunte al equipo de coordinación por una vía que no sea este buzón.
error-no-such-coordinator = { $name } no está en el equipo de coordinación de este buzón. Están: { $known }.

## El buzón
error-unreachable = No se puede conectar con { $host } ({ $why }). Revise la red e inténtelo de nuevo; no se perdió nada.
error-certificate = { $host } no demuestra quién es ({ $why }). Puede que alguien esté entre usted y el buzón, o que su operador tenga que renovar el certificado: no se salte esta comprobación y pregunte a los coordinadores por otra vía. No se ha enviado nada.
error-no-folder = El sistema no indica su carpeta personal (HOME no está definida). Indique una para la memoria sellada de kua: KUA_CACHE=/ruta/de/la/carpeta.
error-no-tor = A una dirección .onion solo se llega por Tor, y no se encontró Tor en este dispositivo. Inicie Tor o indíquelo con --proxy socks5h://127.0.0.1:9050.
error-dishonest = No confíe en este buzón: { $why }. Avise al equipo de coordinación.
error-problem = El buzón lo rechazó: { $detail }
error-no-space = Ya no queda espacio en el buzón. No se guardó nada; inténtelo más tarde.
error-mailbox-full = Con este nombre en clave ya se envió todo lo que se permite. Use uno nuevo.
error-gone = Esto se borró y no se vuelve a aceptar.
error-not-found = Aquí no hay nada con ese nombre.
error-unauthorised = El buzón no conoce esta clave. La clave de quien coordina tiene que estar en la lista más reciente.
error-drop-failed = El buzón falló. No se confirmó nada; inténtelo más tarde.

## El informe
error-broken = { $what } está dañado o alguien lo alteró. No use nada de su contenido; descárguelo de nuevo.
error-report-missing = { $what }: en el informe falta el campo obligatorio `{ $field }`. Rellénelo.
error-too-large = El informe es demasiado grande: { $size } KiB, y este buzón admite { $limit } KiB con todos los archivos. Quite un archivo o redúzcalo; no se envió nada.

## El nombre en clave
error-codename-count = Un nombre en clave tiene ocho palabras, y aquí hay { $found }. Mire lo que anotó. No se envió nada.
error-codename-word = La palabra { $position }, «{ $typed }», no es de ningún nombre en clave. Quizá sea: { $perhaps }
error-codename-checksum = Estas palabras no van juntas: una está mal o dos cambiaron de lugar. No se envió nada.

## Archivos y terminales
error-report-too-much-text = { $what }: el texto ocupa { $bytes } bytes, la mayor parte en el campo `{ $longest }`; un informe admite { $limit } como máximo. Adjunte los textos largos como archivos. No se envió nada.
error-report-field = { $what }: el campo `{ $field }` no es correcto: { $reason }. Corríjalo e inténtelo de nuevo; no se envió nada.
error-vault-locked = { $path } no se abre: la frase de contraseña es incorrecta o el archivo de clave está dañado. Inténtelo de nuevo o use una copia del archivo.
error-vault-none = { $path } no es un archivo de clave de este programa. Indique el archivo que creó kua key new.
error-no-terminal-for-secret = No hay terminal donde pedir el secreto. Indique un archivo con --passphrase-file o --codename-file (- es la entrada estándar).
error-no-terminal-for-report = No hay terminal donde preguntar. Entregue el informe con --report report.json.
error-not-cleaned = { $path } no se envió: { $why }. Envíe otra copia. Use --keep-metadata solo si no importa que se conozca lo que esconde.

## Comprobantes
error-receipt-none = { $path } no es un comprobante. Indique el archivo que guardó kua submit --receipt.
error-receipt-forged = { $path } no prueba nada: no lo firmó una clave que la lista de coordinación atribuya a este buzón, o alguien lo alteró. Si es anterior a la lista, pruebe con una lista de esa época.
error-receipt-other-drop = { $path } es el comprobante de otro buzón, no del de la lista. Use una lista del mismo buzón.
error-receipt-not-in-force = { $path } no prueba nada: la clave que lo firmó no era la de este buzón en el día que indica.
error-receipt-other-file = { $path } no es el informe al que corresponde el comprobante. Use el archivo tal como lo guardó kua seal o kua fetch.

## La página
error-site-other = ALTO. Este buzón no sirve la página que este programa conoce. No escriba nada en ella; use kua submit o la página en un solo archivo, y avise al equipo de coordinación por otra vía.
error-site-version = Este buzón sirve una página distinta de la que este programa conoce, y su propia lista de sumas de verificación concuerda con ella. O bien usa otra versión, o bien alguien fabricó tanto la página como la lista. Antes de que alguien escriba en la página, compare el SHA-256 de su SHA256SUMS con lo que dice la publicación de esa versión: { $digest }
