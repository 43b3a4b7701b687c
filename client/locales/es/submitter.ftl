# Lo que lee en una terminal quien envía un informe.

answer-yes = sí
answer-no = no

## Envío
submit-connecting = Preguntando al buzón quién lo coordina…
submit-sending = Enviando…
submit-waiting = Esperando la red…
submit-starts-over = El buzón no conserva lo que se había enviado. El informe se sella de nuevo, con otra clave, y se envía desde el principio.
submit-accepted = El buzón tiene su informe { $id } desde el { $day }. Solo pueden abrirlo las personas del equipo de coordinación que usted eligió.
submit-come-back = Guarde las ocho palabras: solo con ellas podrá añadir algo a este informe.
submit-receipt-saved = El comprobante está guardado: { $path }. Para verificarlo años después hace falta también la lista de coordinación: kua roster fetch LINK --out roster.json
seal-sealing = Sellando en este dispositivo…
seal-done = Sellado en { $path }; su identificador es { $id }. Quien lo lleve o lo envíe no puede abrirlo.

## El nombre en clave
codename-this-is = Estas ocho palabras son su nombre en clave. Se muestran una sola vez:
codename-keep =
    Escríbalas en papel o apréndalas de memoria. No las fotografíe ni se las envíe a nadie.
    Nadie podrá dárselas de nuevo.
codename-ask-word = Para comprobar que las tiene: ¿cuál es la palabra número { $number }?
codename-wrong-word = No es esa palabra. Mire las ocho palabras de arriba.

## Escribir un informe
interview-readers = Estas personas podrán leer lo que escriba, y nadie más:
interview-digits = Si le dieron cifras para comparar, deben ser estas:
interview-hint =
    Solo hace falta contar lo que pasó. Pulse Enter para saltarse una pregunta; pulse Ctrl-C para parar sin enviar nada.
    No escriba su propio nombre, a menos que quiera que se sepa.
interview-choose-readers = ¿Quién puede leerlo? Si no escribe nada, todas las personas de la lista:
interview-what = ¿Qué pasó? Una línea vacía termina el texto.
interview-title = ¿Un título en una línea? (Enter toma el comienzo del texto)
interview-when = ¿Cuándo? Un día como 2026-03-21, un mes como 2026-03 o un año (Enter si no lo sabe)
interview-when-wrong = Escriba un día como 2026-03-21, un mes como 2026-03 o un año como 2026.
interview-where = ¿Dónde? Un lugar, con palabras (Enter si no lo sabe)
interview-acts = ¿Qué se hizo? Puede escribir varios números:
interview-victim-kind = ¿A quién?
interview-victim-role = ¿Quién es esta persona o grupo, en pocas palabras y sin nombre? (por ejemplo: sindicalista)
interview-perpetrator-type = ¿Quién lo hizo?
interview-perpetrator-description = ¿Qué se sabe de quienes lo hicieron? (uniforme, unidad, aspecto)
interview-severity = ¿Cuánta urgencia tiene?
interview-file = Un archivo que lo acompañe, como ruta (Enter si no hay).
interview-numbers = Números, separados por espacios (Enter para ninguno):
interview-numbers-wrong = Escriba números del 1 al { $most }.
interview-one-number = Escriba un solo número.
interview-review = Esto es lo que se sellará y se enviará:
interview-to = Para
interview-to-all = todo el equipo de coordinación nombrado arriba
interview-send = ¿Sellarlo y enviarlo?
interview-again = ¿Escribirlo otra vez desde el principio?

## Lo que se esconde en los archivos
hidden-found = En { $name } se esconde algo más que la imagen:
hidden-location = el lugar donde se tomó
hidden-device = el dispositivo
hidden-author = la autoría
hidden-time = la fecha y la hora
hidden-thumbnail = una miniatura que puede mostrar lo que se recortó
hidden-comment = un texto
hidden-software = el programa
hidden-history = lo que se le hizo, y quizá quién (XMP, IPTC)
hidden-profile = un perfil de color que puede delatar el dispositivo
hidden-trailing = datos después del final
hidden-unknown = datos desconocidos
hidden-ask = ¿Quitarlo? La imagen queda igual; el archivo de su dispositivo no cambia.
hidden-removed = Se quitó de la copia de { $name } que se envía.
hidden-kept = Se envía con { $name }. Para quitarlo use --strip-metadata.
hidden-other-format = { $name } se envía tal cual: puede esconder el lugar, el dispositivo y la autoría, y aquí no se pueden quitar.
hidden-send-unclean = ¿Enviarlo tal cual, con lo que esconda?

## Volver
return-looking = Mirando en su buzón de respuestas…
return-codename = Su nombre en clave, las ocho palabras:
return-nothing = No hay nada con este nombre en clave. Revise las palabras y el enlace.
return-sent = Enviado el { $day }: { $id }
return-opened = Una persona del equipo de coordinación lo ha abierto.
return-not-opened = Todavía nadie ha dicho que se haya abierto.
return-reply = Respuesta { $number } de { $name }, { $day }:
return-file = Con un archivo: { $name } ({ $size }). Para guardarlo: kua return --out DIR
return-saved = Guardado: { $path }. Otras personas que usan este dispositivo pueden encontrarlo.
return-gap = Falta la respuesta { $number }: usted la borró, o el buzón la retiene.
return-double = Hay dos respuestas con el número { $number }: dos personas del equipo de coordinación escribieron a la vez, o usted borró respuestas entretanto.
return-refused = { $id } no se mostró: { $why }.
return-refused-seal = no está sellada para usted, o se ha alterado
return-refused-author = no la firmó nadie del equipo de coordinación
return-refused-place = se escribió para otra persona o para otro buzón
return-refused-form = no cumple las reglas de las respuestas
return-menu = 1 escribir   2 borrar las respuestas   3 actualizar   4 salir:
return-what = ¿Qué quiere añadir? Una línea vacía termina el texto.
acknowledgement = Gracias. Su informe ha llegado y una persona del equipo de coordinación lo ha abierto. Vuelva con sus ocho palabras: si tenemos preguntas, las encontrará aquí.

## Comprobantes
receipt-holds = El comprobante es válido. El { $day } el buzón tenía este informe, de { $size } bytes: { $id }
receipt-file-agrees = { $path } es ese informe, byte por byte.
receipt-roster-ended = La lista de coordinación venció el { $day }. Ya nadie sella para ella; lo que dice sobre la clave del buzón sigue siendo cierto.
receipt-link-agrees = La lista de coordinación está firmada con la clave que indica el enlace.
receipt-digits = Solo vale si estas son las cifras por las que usted conoce este buzón. Compárelas:

## Los renglones de un informe
open-occurred = Cuándo
open-place = Lugar
open-acts = Qué se hizo
open-severity = Urgencia
open-victim = A quién
open-perpetrator = Quién lo hizo
open-source = Fuente
open-intervention = Intervención
open-attachment = Archivo

## La página
site-same = igual: { $path }
site-other = OTRO: { $path }, con el SHA-256 { $digest }
site-missing = FALTA: { $path }; el buzón responde { $status }
site-field-other = OTRO: campo de cabecera { $name } de { $path }: { $value }
site-field-missing = FALTA: campo de cabecera { $name } de { $path }
site-field-added = AÑADIDO: campo de cabecera { $name } de { $path }: { $value }
site-agrees = El buzón sirve la página que este programa conoce, según lo que le ha mostrado ahora. El SHA-256 de su SHA256SUMS es { $digest }
