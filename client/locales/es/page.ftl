# Lo que lee en la página quien envía un informe. El resto de sus palabras es común con el programa: vocabulary, submitter y errors.

## En todas las páginas
# Está en el marco de la ventana y en la lista de ventanas, donde otros pueden verlo: no dice nada.
page-title = Formulario
page-leave = Salir ya
page-leave-hint = o pulse Mayús (Shift) tres veces
page-leave-count = { $left ->
    [one] Pulse Mayús (Shift) una vez más para salir.
   *[other] Pulse Mayús (Shift) { $left } veces más para salir.
}
page-back = Atrás
page-continue = Continuar
page-languages = Idioma
page-problem = Hay un problema
page-wait = Un momento…
page-try-again = Intentarlo de nuevo

## El enlace
page-link = ¿Qué enlace le dieron?
page-link-hint = Tiene esta forma: https://drop.example/#kua1… Cópielo entero.
page-link-address = Esto no es un enlace. El enlace de un buzón tiene esta forma: https://drop.example/#kua1…
page-link-incomplete = Falta la parte del enlace que va después de #. Sin ella nadie puede saber si este es el buzón correcto. Abra el enlace entero o pídalo otra vez.
page-checking = Comprobando quién leerá lo que escriba…
page-stop = Deténgase aquí

## Antes de empezar
page-before = Antes de empezar
page-before-alone = Asegúrese de que nadie pueda ver su pantalla.
page-before-device = No use un dispositivo ni una red de su trabajo o de su centro de estudios.
page-before-tor = Su red puede ver que usted está aquí, pero no lo que escribe. Si nadie debe saber que está aquí, abra este enlace en Tor Browser.
page-before-kept = Esta página no guarda nada en este dispositivo. Al cerrarla, lo que escribió desaparece.
page-before-leave = Si tiene que ocultarlo rápido, pulse «Salir ya», arriba, o la tecla Mayús (Shift) tres veces.
page-before-name = No escriba su propio nombre, a menos que quiera que se sepa.
page-write = Escribir un informe
page-have-codename = Tengo un nombre en clave

## Las preguntas
page-what = ¿Qué pasó?
page-what-hint = Cuéntelo con sus palabras y en cualquier idioma. Solo esto es necesario.
page-what-missing = Escriba qué pasó
page-title-label = Un título en una línea, si quiere
page-skip = Saltar las demás preguntas
page-when = ¿Cuándo pasó?
page-when-hint = Hasta donde lo sepa: basta con el año. Puede dejarlo vacío.
page-day = Día
page-month = Mes
page-year = Año
page-when-wrong = Escriba números, como 21, 3 y 2026. Si pone el día, ponga también el mes; si pone el mes, ponga también el año.
page-about = No sé la fecha con certeza
page-part-of-day = Momento del día
page-leave-open = Lo dejo sin responder
page-where = ¿Dónde pasó?
page-where-hint = Un lugar, con palabras. Puede dejarlo vacío.
page-acts = ¿Qué se hizo?
page-acts-hint = Marque todo lo que corresponda, o nada.
page-victim = ¿A quién se lo hicieron?
page-victim-role = ¿Quién es esta persona o grupo?
page-victim-role-hint = En pocas palabras y sin nombre, por ejemplo: sindicalista
page-perpetrator = ¿Quién lo hizo?
page-perpetrator-description = ¿Qué se sabe de quienes lo hicieron?
page-perpetrator-description-hint = Uniforme, unidad, aspecto, matrículas o placas del vehículo
page-severity = ¿Cuánta urgencia tiene?

## Archivos
page-files = Archivos que lo acompañan
page-files-hint = Fotos, grabaciones, documentos. Puede elegir varios, o ninguno.
page-file-looking = Buscando lo que se esconde en { $name }…
page-file-remove = Quitar
page-file-clean = Quitar lo que esconde. La imagen queda igual, y el archivo de su dispositivo también.
page-file-nothing-hidden = No esconde nada más que la imagen.
page-file-not-understood = { $name } está dañado o es poco común. Se envía tal cual, y nadie puede asegurar qué esconde.
page-file-changed = { $file } ya no se puede leer o ha cambiado. Quítelo y elíjalo otra vez. No se envió nada.
page-readers = ¿Quién puede leerlo?
page-readers-hint = Solo podrán abrirlo las personas que elija, y nadie más.
page-readers-missing = Elija al menos a una persona

## Revisión
page-check = Revise lo que escribió
page-check-next = Se sella en este dispositivo antes de enviarse. Solo pueden abrirlo las personas indicadas más arriba.
page-row-title = Título
page-nothing = Sin responder
page-change = Cambiar
page-send = Sellar y enviar
page-too-much-text = El texto ocupa { $bytes } bytes y en un informe caben como máximo { $limit }. Ponga los textos largos en un archivo. No se envió nada.

## El nombre en clave
page-codename = Su nombre en clave
page-codename-why = Con estas palabras podrá volver, leer respuestas y escribir de nuevo. Todavía no se ha enviado nada.
page-codename-have = Tengo las palabras
page-confirm = Dos de sus palabras
page-confirm-hint = Para comprobar que las tiene. Si quiere ver todas otra vez, vuelva atrás.
page-confirm-word = Palabra número { $number }
page-confirm-wrong = La palabra número { $number } es otra. Mire lo que anotó o vuelva atrás para ver las palabras.

## Envío
page-sending = Enviando
page-stay = No cierre esta página hasta que diga que su informe ha llegado.
page-stage-keys = Creando sus claves. En Tor Browser puede tardar medio minuto…
page-stage-reading = Leyendo los archivos…
page-stage-sending = Sellando y enviando…
page-progress = { $done } de { $total }
page-not-sent = No se envió
page-not-sent-kept = Lo que escribió sigue aquí mientras esta página esté abierta.
page-unreachable = No se puede conectar con el buzón. Revise la red e inténtelo de nuevo; no se perdió nada.
page-dishonest = No confíe en este buzón: no responde como debe. Avise al equipo de coordinación por una vía distinta de esta página.
page-mistake = Esta página cometió un error. Inténtelo de nuevo; si continúa, use otro navegador o avise al equipo de coordinación.
page-done = Su informe ha llegado

## Volver
page-return-how = Cómo volver
page-return-steps = Abra el mismo enlace, elija «Tengo un nombre en clave» y escriba sus ocho palabras. Vuelva dentro de unos días: si hay preguntas, las encontrará allí. Este es el enlace:
page-acknowledge = Si no llega respuesta, escriba otra vez: un buzón puede perder cosas, y nadie puede escribirle de otra manera.
page-kept-for = El buzón lo borra pasados { $days } días, o más tarde si estuvo apagado un tiempo.
page-receipt = El comprobante del buzón
page-receipt-what = Servirá para demostrar más adelante que el buzón tenía su informe ese día. Guárdelo solo donde nadie más pueda encontrarlo.
page-receipt-save = Guardar el comprobante
page-enter = Escriba su nombre en clave
page-enter-hint = Las ocho palabras, separadas por espacios. Bastan las cuatro primeras letras de cada una.
page-thread = Lo enviado y lo respondido
page-add = ¿Qué quiere añadir?
page-write-again = Escribir de nuevo
page-look-again = Actualizar
page-reply-delete = Borrar la respuesta { $number }
page-reply-delete-really = Borrar la respuesta { $number } para siempre
page-reply-save = Guardar { $name } ({ $size })
