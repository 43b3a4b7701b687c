# Lo que lee en una terminal quien coordina.

## Claves
ask-passphrase = Frase de contraseña de { $path }:
passphrase-suggestion = Una buena frase de contraseña son seis palabras que no tienen nada que ver entre sí. Por ejemplo estas, elegidas ahora mismo para usted:
passphrase-new = Nueva frase de contraseña:
passphrase-again = La misma otra vez:
passphrase-differs = No coinciden. Otra vez:
key-made =
    Se creó { $path }. Guarde aparte una copia del archivo; sin la frase de contraseña no lo abre nadie.
    Entregue la ficha a quienes firman la lista de coordinación: kua key show { $path } --json
key-made-root =
    Se creó { $path }. Firma listas y no lee nada. Guárdelo en una máquina sin red,
    y una copia en otro lugar, o partes en manos de otras personas (kua key split): sin esta clave no se puede renovar el enlace.
key-export-warning = La línea siguiente es la propia clave secreta. Quien la tenga leerá todos los informes sellados para ella.
key-passphrase-changed = La frase de contraseña se ha cambiado. Las copias del archivo conservan la anterior.

## Partes de la clave
key-split =
    En { $path } hay ahora { $shares } partes; con { $threshold } cualesquiera se recupera la clave. Su juego es { $set }.
    Imprima cada página, entregue cada una a una persona distinta y borre la carpeta: { $threshold } de estos archivos juntos son la clave.
    Haga una prueba antes de confiar en ellas: kua key combine { $path }/… --out test.kua
key-restored =
    Se creó { $path }, la clave de { $name }. Lo que se selló para ella vuelve a abrirse. En la lista, su línea sign tiene que ser esta:
key-restored-root =
    Se creó { $path }, la clave raíz { $name }. Compare sus cifras con aquellas por las que conoce el buzón:
share-ask = Parte { $number }, a partir de share1:
share-goes-on = Línea siguiente (caracteres que faltan: { $missing }; Enter a secas termina):
share-more = { $have } de { $need }. Otra más:
share-typed = Lo que escribió
share-page-title = Kuä: parte { $index } de { $shares } de una clave
share-page-coordinator =
    Esta es una de las { $shares } partes de la clave nombrada arriba, que abre los
    informes enviados a este buzón. Con { $threshold } cualesquiera se recupera la clave.
    Menos partes no dicen nada sobre ella.
share-page-root =
    Esta es una de las { $shares } partes de la clave nombrada arriba. Esa clave firma
    quién puede leer los informes enviados a este buzón. Con { $threshold } cualesquiera
    se recupera. Menos partes no dicen nada sobre ella.
share-page-keep =
    Guarde esta página donde nadie más la encuentre, lejos de las otras partes.
    No la fotografíe. No se la dé a quien la pida por teléfono o por mensaje:
    quienes la necesitan se reúnen en persona. Si se pierde o alguien la ve,
    avise a las demás personas.

    Para recuperar la clave, reúna { $threshold } partes ante una máquina sin red:

        kua key combine SHARE SHARE … --out restored.kua

    SHARE es un archivo con una página como esta. Sin archivos, kua pide las
    partes: escríbalas a partir de share1. Los espacios, los saltos de línea y
    las mayúsculas no importan, y kua detecta los errores de escritura.
error-share-none = En { $what } no hay ninguna parte de una clave. Una parte empieza por share1; indique la página tal como la escribió kua key split, o cópiela de nuevo.
error-share-damaged = { $what } tiene un error de escritura o no está completa: compárela con el papel, grupo por grupo.
error-share-newer = { $what } es de un tipo más nuevo que este programa. Consiga la versión más reciente.
error-share-foreign = { $what } no va con las otras partes: es de otra clave, o de otra división de la misma. Las páginas que van juntas tienen el mismo juego (set).
error-share-twice = Es dos veces la misma parte: { $what }. Use además otra distinta.
error-share-contradict = Dos partes distintas llevan el mismo número, y una de ellas es falsa: { $what }. Pruebe con una cada vez.
error-share-too-few = { $have } de { $need } partes; todavía faltan: { $missing }. Hasta entonces no se puede decir nada sobre la clave.
error-share-false = { $what } es falsa: alguien la alteró. Apártela; las demás recuperan la clave.
error-share-some-false = Estas partes no recuperan la clave que se dividió: al menos una es falsa. Añada otra para saber cuál.

## La lista de coordinación
roster-signed =
    Se firmó { $path }: lista { $serial }, personas en la coordinación: { $count }, válida hasta el { $day }.
    Que todo el equipo compare estas cifras de viva voz:
roster-published = El buzón tiene ahora la lista { $serial }.
roster-ends-soon =
    { $days ->
        [0] La lista de coordinación vence hoy
        [one] A la lista de coordinación le queda un día
       *[other] A la lista de coordinación le quedan { $days } días
    }: pida a quien guarda la clave raíz que firme otra a tiempo.
key-exchanged = Ya no se sella nada para esta clave: en la lista hay una más nueva de { $name }. Los informes nuevos se abren con esa.
roster-fetched = Se guardó { $path }: lista { $serial }, firmada con la clave raíz que indica el enlace, válida hasta el { $day }.
roster-removed =
    Lo que se selle con la nueva lista quedará cerrado para { $name } en cuanto el buzón la tenga:
      kua roster publish URL { $path }
    Lo que se selló para { $name } desde el { $since } sigue abierto para esa clave, y también los informes anteriores a los que
    le dio acceso alguien del equipo; kua custody muestra de cada uno si fue así. El buzón ya no se los entregará; pero las copias descargadas antes, o tomadas del disco del buzón, se siguen abriendo. Eso no lo deshace nada, ni siquiera una
    nueva clave raíz. Piense, pues, en las personas de esos informes, avise a quien haga falta y borre lo que ya no sirva: kua delete.
roster-rotated =
    Los informes nuevos se sellarán para la nueva clave de { $name } en cuanto el buzón tenga esta lista:
      kua roster publish URL { $path }
    Lo que se selló desde el { $since }, y los informes anteriores a los que le dio acceso alguien del equipo, lo sigue abriendo
    la clave anterior, y solo ella: { $name } tiene que conservar ese archivo de clave.
    Además, esa clave sigue hablando con el buzón en nombre de { $name }. Si puede estar en otras manos, firme con --leaked.
roster-leaked =
    La clave anterior de { $name } no abrirá nada nuevo, y el buzón la rechazará en cuanto tenga esta lista. Hágalo ahora:
      kua roster publish URL { $path }
    Quien tenga la clave anterior puede abrir lo que se selló para ella desde el { $since }, y los informes anteriores a los que
    le dio acceso alguien del equipo (kua custody muestra de cada uno si fue así), si lo descargó antes o lo toma del disco del buzón. Eso no lo deshace nada, ni siquiera una nueva clave raíz. Piense, pues, en las personas de esos informes,
    avise a quien haga falta y borre lo que ya no sirva: kua delete. Los informes anteriores los recibirá { $name } de otra persona del equipo.

## Lectura
inbox-reading = Abriendo los informes
inbox-empty = No hay informes.
inbox-none-fits = Ningún informe corresponde al filtro.
inbox-not-for-you =
    { $count ->
        [0] sellado para otras personas del equipo
       *[other] sellado para otras personas del equipo; entradas y permisos sellados que lo acompañan: { $count }
    }
inbox-delete-asked =
    { $by } pide borrarlo; desaparecerá { $hours ->
        [0] en menos de una hora
        [one] en una hora como pronto
       *[other] en { $hours } horas como pronto
    }. Para conservarlo: kua delete … --keep
inbox-expired =
    Ha terminado su plazo: desaparecerá cuando el buzón haya funcionado { $days ->
        [one] un día más
       *[other] { $days } días más
    }. Para conservar lo necesario: kua export
inbox-false-day = El buzón le pone una fecha que aún no ha llegado: está mal su reloj, o el de este dispositivo.
inbox-overdue =
    { $count ->
        [one] Un informe o respuesta debería haberse borrado ya el { $day }
       *[other] { $count } informes y respuestas deberían haberse borrado ya desde el { $day }
    }: el buzón estuvo apagado, o su reloj no está comprobado. Quien lo administra verá más con kua-server clock.
inbox-leaving =
    { $count ->
        [one] Se ha pedido borrar un informe, que desaparecerá
       *[other] Se ha pedido borrar { $count } informes; el primero desaparecerá
    } { $hours ->
        [0] en menos de una hora
        [one] dentro de una hora
       *[other] dentro de { $hours } horas
    }. Lo que se va a borrar no se muestra aquí; para verlo: kua inbox --all
inbox-reading-logs = Leyendo los registros
inbox-logs-unread =
    { $count ->
        [one] Ahora no se pudo leer un registro; lo que se muestra de ese caso puede estar atrasado.
       *[other] Ahora no se pudieron leer { $count } registros; lo que se muestra de esos casos puede estar atrasado.
    }
inbox-assignee = lo lleva { $name }
inbox-disputed = Varias personas del equipo cambiaron esto a la vez y de forma distinta; kua triage muestra todas las versiones.
filter-not-judged =
    { $count ->
        [one] Un informe no se pudo abrir, así que no se sabe si corresponde a lo buscado; kua inbox dice por qué.
       *[other] { $count } informes no se pudieron abrir, así que no se sabe si corresponden a lo buscado; kua inbox dice por qué.
    }
disagrees-drop = Cuidado: por dentro, este informe nombra un buzón distinto del que lo entregó.
disagrees-mailbox = Cuidado: por dentro, este informe nombra un origen distinto del que indica el buzón.
disagrees-thread = Cuidado: este informe no es la ampliación que dice ser: su prueba no vale, o el hilo es de otra persona.
thread-proven = ampliación del informe { $first } (comprobado)
thread-unproven = ampliación del informe { $first }, según dice él mismo; kua open de ese informe lo comprueba
thread-refuted = no es ampliación del informe { $first }, aunque lo nombra
inbox-unverified = solo se leyó el principio; kua open o kua fetch lo verifica hasta el final
shown-otherwise = Cuidado: kua inbox había mostrado { $id } de otra manera. Alguien se lo inventó: no confíe en este buzón y avise a las demás personas del equipo.
open-fetching = Descargando
fetch-fetching = Guardando
open-written = Escrito en { $path }; puede leerlo cualquier persona con acceso a esa carpeta. Bórrelo cuando ya no haga falta.
open-id = Identificador
open-day = Llegó
open-thread = Qué es
error-several = Sin hacer: { $failed } de { $count } informes, por las razones que se indican arriba. Corrija eso y repita la orden solo para ellos.

## Borrado
delete-asking = Preguntando al buzón
delete-them =
    { $count ->
        [one] Se va a borrar un informe. ¿Confirma?
       *[other] Se van a borrar { $count } informes. ¿Confirma?
    }
delete-keep-them =
    { $count ->
        [one] Se va a conservar un informe. ¿Confirma?
       *[other] Se van a conservar { $count } informes. ¿Confirma?
    }
error-no-terminal-for-yes = No hay terminal donde preguntar si la orden es de verdad para todos estos informes. Mírelos primero (kua inbox, con el mismo filtro si lo hay) y añada después --yes.
delete-done = { $id } está borrado.
delete-asked =
    { $id } queda marcado y se borrará cuando el buzón haya funcionado { $hours ->
        [one] una hora más
       *[other] { $hours } horas más
    }, o enseguida si otra persona del equipo también lo pide.
delete-kept = { $id } se conserva.

## Respuestas
reply-replying = Respondiendo
reply-them =
    { $count ->
        [one] Se va a responder a un informe. ¿Confirma?
       *[other] Se va a responder a { $count } informes. ¿Confirma?
    }
reply-left = La respuesta a { $id } está en su buzón de respuestas con el número { $number }. Solo puede abrirla quien escribió el informe.

## Comprobantes
receipt-served = { $id } está en el buzón, entero, como dice su comprobante del { $day }.
receipt-gone =
    El buzón recibió { $id } el { $day } y dice que desde entonces se borró. Pudo pedirlo alguien del equipo de coordinación, o
    se cumplió su plazo. Pregunte a sus colegas; si no fue ni lo uno ni lo otro, el buzón lo quitó.
receipt-dropped = El buzón faltó a su palabra: recibió { $id } el { $day }, y ahora no tiene ni el informe ni rastro de que se borrara. O alguien lo quitó, o quien administra el buzón volvió a una copia anterior. No confíe en este buzón hasta que se aclare, y pida a quien lo envió que lo envíe de nuevo.

## El registro del caso
triage-noting = Anotando
triage-noted = { $id }: anotado como entrada { $entry }.
case-status = Estado
case-severity-open = como dice el informe
case-assignee = A cargo de
case-labels = Etiquetas
case-linked = Relaciones
case-readers = Pueden leerlo
case-beside = { "  " }pero también
case-concurrent = { $value } (entrada { $entry }, escrita al mismo tiempo)
case-nobody = nadie
status-new = nuevo
status-in-review = en revisión
status-verified = verificado
status-needs-information = faltan datos
status-closed = cerrado
status-rejected = descartado
relation-duplicate = duplicado de
relation-same-event = sobre el mismo hecho que
relation-related = relacionado con
log-status = estado: { $status }
log-severity = urgencia: { $severity }
log-severity-open = urgencia: como dice el informe
log-label-on = etiqueta puesta: { $label }
log-label-off = etiqueta quitada: { $label }
log-assignee = a cargo de { $name }
log-assignee-none = a cargo de nadie
log-note = nota:
log-link-on = { $relation } { $id }
log-link-off = ya no: { $relation } { $id }
log-reply = respuesta a quien lo envió (número { $number }):
log-acknowledgement = acuse de recibo: se avisó a quien lo envió de que el informe se abrió
log-undo = entrada { $entry } deshecha
log-grant = acceso dado a { $name } para leer el informe
log-handed-out = entregado ({ $form }) a { $to }; SHA-256 { $digest }
log-unknown = algo que conoce una versión más nueva de este programa: { $json }
log-undone = deshecha más tarde
log-gap = se apoya en { $missing }, que aquí falta o no vale: puede haber algo oculto
log-wrong-clock = no cuenta: su reloj no se deduce de aquello en lo que se apoya
log-not-a-reader = no cuenta: quien la escribió no podía leer el informe
log-not-on-the-roster = no cuenta: quien la escribió ya no está en la lista, y nadie que esté en ella se apoyó en esto; kua triage … --build-on la retoma
log-days-apart = lleva la fecha { $day }, que no es cuando la recibió el buzón
reply-not-noted = La respuesta a { $id } se envió, pero no se anotó en el registro del caso: { $why }

## Custodia
custody-checking = Comprobando
custody-title = Cadena de custodia del informe { $id } en el buzón { $drop }
custody-received = Recibido el { $day }, { $size } bytes sellados; los bytes concuerdan con el identificador
custody-entry = entrada { $entry }
custody-parent = se apoya en { $entry }
custody-claimed = quien la escribió la fecha el { $day }
custody-fork = Después de { $after } el registro se divide: { $branches } se escribieron sin saber unas de otras.
custody-fork-start = El registro tiene más de un comienzo: { $branches } no se apoyan en nada de lo que hay aquí.
custody-heads = Las ramas aún no se han unido; las últimas entradas son { $heads }.
custody-refused = No es una entrada de este informe: { $id }, guardado el { $day }: { $why }

## Permisos
grant-granting = Dando acceso
grant-them =
    { $count ->
        [one] Se va a dar acceso a un informe. ¿Confirma?
       *[other] Se va a dar acceso a { $count } informes. ¿Confirma?
    }
grant-done = Informes que puede leer { $name }: de ahora, { $granted }; de antes, { $already }. Informes a los que usted no puede dar acceso: { $closed }.
grant-handed-out = { $id } se selló de nuevo en { $path }, y eso queda anotado en el registro del caso. Se abre con age y tar.

## Exportación
export-title = Informes de { $drop }
export-made = Exportado por { $by } el { $day } (UTC) con Kuä.
export-drop = Buzón
export-check = Para saber si este archivo sigue tal como se hizo: sha256sum -c SHA256SUMS, en la carpeta en que llegó.
export-redacted = En esta copia se omiten los nombres y descripciones de las víctimas, quiénes son las fuentes, los buzones de respuestas, los archivos adjuntos y lo que escribió el equipo de coordinación. El título, la descripción y los demás textos libres quedan como se escribieron, y todavía pueden nombrar a personas.
export-redacted-short = Se omiten nombres y datos de contacto; en los textos libres puede quedar alguno.
export-left-out = omitido
export-summary = Resumen
export-reports = Informes
export-timeline = Cronología
export-event = Hecho
export-description = Qué pasó
export-precision = Precisión de la fecha
export-language = Idioma
export-status = Estado
export-case-severity = Urgencia según el equipo de coordinación
export-assignee = A cargo de
export-labels = Etiquetas
export-disputed = Indicado de forma distinta por dos personas a la vez
export-disputed-status = estado
export-disputed-severity = urgencia
export-disputed-assignee = a cargo de
export-links = Otros informes
export-notes = Notas del equipo de coordinación
export-replies = Respuestas a quien lo envió
export-custody = Cadena de custodia
export-day = Día (UTC)
export-by = Quién
export-step = Qué, y su huella
export-the-drop = el buzón
export-received = recibidos { $size } bytes sellados
export-mailbox = Buzón de respuestas
export-attachments = Archivos adjuntos
export-file = Nombre
export-kind = Tipo
export-bytes = Bytes
export-age = edad: { $number }
export-people = personas: { $number }
export-victims = Víctimas
export-perpetrators = Presuntos responsables
export-source = Fuente
export-acts-civil = Derechos civiles y políticos
export-acts-groups = Derechos de grupos de personas
export-acts-social = Derechos económicos, sociales y culturales
export-fetching = Exportando
export-noting = Anotando
export-handed-out = En los registros de los casos consta que esto se entrega a { $to }, con el SHA-256 de SHA256SUMS: { $digest }
error-not-handed-out =
    No se escribió nada, porque la entrega no se pudo anotar en el registro del caso { $id }: { $why } { $noted ->
        [0] Ningún registro dice que se entregara.
        [one] Otro registro ya dice que se entregó; añada allí una nota de que no fue así.
       *[other] Otros { $noted } registros ya dicen que se entregó; añada allí notas de que no fue así.
    }
export-done =
    { $reports ->
        [one] Un informe, archivos: { $files }, en { $path }. Cualquier persona con acceso a esa carpeta puede leerlo: guárdela cifrada y bórrela cuando ya no haga falta.
       *[other] { $reports } informes, archivos: { $files }, en { $path }. Cualquier persona con acceso a esa carpeta puede leerlos: guárdela cifrada y bórrela cuando ya no haga falta.
    }
export-not-for-you =
    { $count ->
        [one] Un informe está sellado para otras personas del equipo y no entra en la exportación.
       *[other] { $count } informes están sellados para otras personas del equipo y no entran en la exportación.
    }
export-none = Ningún informe corresponde; no se escribió nada.

## Trabajar sin el buzón
error-not-asked = Esto no se puede hacer sin el buzón, al que no se consultó. Repita la orden sin --offline cuando se pueda conectar con él.
no-answer-yet = El buzón aún no responde. Ctrl-C termina la espera.
no-answer-offline-works = El buzón aún no responde. Con --offline se trabaja con lo que ya se conoce; Ctrl-C termina la espera.
offline-as-of = Esto es lo que se sabía el { $day }. Lo que anote se enviará con la próxima orden que llegue al buzón.
unsent-sending = Enviando lo anotado sin el buzón
unsent-sent =
    { $count ->
        [one] Se envió una entrada que esperaba.
       *[other] Se enviaron { $count } entradas que esperaban.
    }
unsent-waits =
    { $count ->
        [one] Una entrada espera al buzón: la enviará la próxima orden que llegue a él.
       *[other] { $count } entradas esperan al buzón: las enviará la próxima orden que llegue a él.
    }
unsent-stays =
    { $count ->
        [one] Una entrada sigue esperando: { $why }
       *[other] { $count } entradas siguen esperando: { $why }
    }
unsent-gone = El informe { $id } se borró en el buzón: lo que se anotó sobre él entretanto se descarta.
log-unsent = aún sin enviar

## Errores
error-no-such-report = En este buzón no hay ningún informe cuyo identificador empiece por { $prefix }. Para verlos todos: kua inbox --all
error-roster-none = { $path } no es una lista de coordinación firmada: { $why }. Indique el archivo que hizo kua roster new o que guardó kua roster fetch.
error-ambiguous = Varios identificadores empiezan por { $prefix }; escriba más caracteres: { $ids }
error-not-for-you = { $what } no está sellado para su clave. Puede darle acceso alguien del equipo que pueda leerlo: kua grant
error-recipient = { $beginning }… no es la clave de un destinatario: { $why }. Empieza por age1pq1 y tiene { $length } caracteres: cópiela de nuevo, entera.
error-damaged = { $path } está dañado o alguien lo alteró: averigüe por qué y después bórrelo.
error-weak-passphrase = Esta frase de contraseña es demasiado fácil de adivinar: tome seis palabras que no tengan nada que ver entre sí.
