# Lo que lee quien informa cuando la página no ejecuta JavaScript, y en las respuestas del buzón a su formulario. Ningún mensaje lleva argumentos.

plain-language = Español

## La página
plain-title = Sin JavaScript
plain-why = Su navegador no ejecuta JavaScript en esta página. Por eso aquí no se puede comprobar nada: ni quién leería su informe, ni si este es el buzón correcto. Por eso no hay aquí ningún nombre ni ningún campo para escribir. No escriba a nadie por una página que no pudo comprobar.
plain-script = Si puede activar JavaScript
plain-script-how = En Tor Browser, elija en los ajustes el nivel de seguridad «Más seguro» (Safer) y abra de nuevo el enlace completo. Entonces la página sella su informe en este dispositivo.
plain-program = Si tiene el programa kua
plain-program-how = No necesita navegador. Así envía un informe, y después usted puede volver y leer las respuestas:
plain-seal-how = Así sella un informe en un archivo, en cualquier dispositivo donde funcione:
plain-program-link = En lugar de LINK escriba el enlace completo que le dieron, entre comillas rectas ("…") y con la parte que sigue a #. Con esa parte el programa comprueba que el buzón es el correcto.
plain-send = Enviar un archivo sellado
plain-one-way = Desde aquí, un informe va en un solo sentido. Nadie puede responderle, usted no puede ampliarlo ni borrarlo, y el nombre en clave que mostró kua seal no lleva hasta él.
plain-file = El archivo sellado, por ejemplo report.age
plain-file-hint = Elija solo un archivo hecho con kua seal. Cualquier otro se rechaza y no se guarda, pero quien administra el buzón podría verlo por el camino. El nombre del archivo no se guarda.
plain-submit = Enviar el archivo

## Las respuestas
plain-accepted = El buzón tiene su informe. Solo pueden abrirlo las personas del equipo de coordinación para las que se selló.
plain-id = Su identificador
plain-day = Día (UTC)
plain-again = Volver al formulario
plain-not-sealed = Esto no es un archivo sellado, o no está completo. No se guardó nada. Séllelo primero: kua seal LINK --report report.json --out report.age
plain-too-large = El archivo es más grande de lo que admite este formulario. No se guardó nada. El programa envía archivos más grandes: kua submit LINK
plain-shut = Este formulario no admite más archivos hoy; se abre de nuevo a medianoche (UTC). No se guardó nada. El programa puede enviar en cualquier momento: kua submit LINK
plain-broken = El archivo no llegó completo, o el buzón está ocupado. No se guardó nada. Inténtelo de nuevo dentro de un momento.
plain-no-file = No llegó ningún archivo. Vuelva atrás, elija uno y envíelo de nuevo.
plain-other-origin = Esto no se envió desde la propia página del buzón. No se guardó nada. Abra su enlace y envíe el archivo desde allí.
