# ما يقرؤه على الصفحة من يرسل بلاغًا. بقية الكلمات مشتركة مع البرنامج: vocabulary وsubmitter وerrors.

## في كل صفحة
# يظهر في إطار النافذة وفي قائمة النوافذ حيث قد يراه آخرون: لا يدل على شيء.
page-title = نموذج
page-leave = الخروج الآن
page-leave-hint = أو ثلاث ضغطات على Shift
page-leave-count = { $left ->
    [one] ضغطة واحدة أخرى على Shift للخروج.
    [two] ضغطتان أخريان على Shift للخروج.
   *[other] { $left } ضغطات أخرى على Shift للخروج.
}
page-back = رجوع
page-continue = متابعة
page-languages = اللغة
page-problem = هناك مشكلة
page-wait = لحظة من فضلك …
page-try-again = المحاولة مرة أخرى

## الرابط
page-link = ما الرابط الذي وصلك؟
page-link-hint = شكله { "https://drop.example/#kua1…" } ويجب نسخه كاملًا.
page-link-address = هذا ليس رابطًا. شكل رابط صندوق البلاغات: { "https://drop.example/#kua1…" }
page-link-incomplete = ينقص من الرابط الجزء الذي بعد العلامة #. من دونه لا يعرف أحد إن كان هذا هو الصندوق الصحيح. يُرجى فتح الرابط كاملًا، أو طلبه مرة أخرى.
page-checking = نتحقق ممن سيقرأ بلاغك …
page-stop = يجب التوقف هنا

## قبل البدء
page-before = قبل البدء
page-before-alone = يُرجى التأكد من أن لا أحد يرى شاشتك.
page-before-device = يُرجى عدم استعمال جهاز العمل أو الدراسة ولا شبكتهما.
page-before-tor = شبكتك ترى وجودك هنا، ولا ترى ما يُكتب في الصفحة. إن وجب ألا يعرف أحد بوجودك هنا، فيُرجى فتح هذا الرابط في متصفح Tor Browser.
page-before-kept = لا تحفظ هذه الصفحة شيئًا على هذا الجهاز. عند إغلاقها يختفي كل ما كُتب فيها.
page-before-leave = لإخفاء كل شيء بسرعة: زر «الخروج الآن» في الأعلى، أو ثلاث ضغطات على Shift.
page-before-name = يُرجى عدم كتابة اسمك، إلا إن أردت أن يُعرف.
page-write = كتابة بلاغ
page-have-codename = لديّ اسم رمزي

## الأسئلة
page-what = ماذا حدث؟
page-what-hint = بكلماتك أنت وبأي لغة. هذا وحده هو المطلوب.
page-what-missing = يُرجى كتابة ما حدث
page-title-label = عنوان في سطر واحد، إن أردت
page-skip = تخطي بقية الأسئلة
page-when = متى حدث ذلك؟
page-when-hint = بقدر ما هو معروف: السنة وحدها تكفي. يمكن ترك الخانات فارغة.
page-day = اليوم
page-month = الشهر
page-year = السنة
page-when-wrong = يُرجى كتابة أرقام، مثل 21 و3 و2026. اليوم يحتاج إلى شهر، والشهر يحتاج إلى سنة.
page-about = التاريخ غير مؤكد
page-part-of-day = الوقت من اليوم
page-leave-open = دون تحديد
page-where = أين حدث ذلك؟
page-where-hint = المكان بالكلمات. يمكن ترك الخانة فارغة.
page-acts = ما الذي ارتُكب؟
page-acts-hint = كل ما ينطبق، أو لا شيء.
page-victim = بحقّ من؟
page-victim-role = ما صفة هذا الشخص أو هذه المجموعة؟
page-victim-role-hint = في بضع كلمات ودون أسماء، مثلًا: عضو نقابة عمالية
page-perpetrator = من فعل ذلك؟
page-perpetrator-description = ما المعروف عنهم؟
page-perpetrator-description-hint = الزي، الوحدة، الشكل، أرقام السيارات
page-severity = ما مدى استعجال الأمر؟

## الملفات
page-files = ملفات تُرفق بالبلاغ
page-files-hint = صور أو تسجيلات أو وثائق. يمكن اختيار عدة ملفات، أو لا شيء.
page-file-looking = نبحث عن بيانات مخفية في { $name } …
page-file-remove = إزالة
page-file-clean = إزالة البيانات المخفية. تبقى الصورة كما هي، ويبقى الملف على جهازك كما هو.
page-file-nothing-hidden = ليس في هذا الملف سوى الصورة: لا بيانات مخفية فيه.
page-file-not-understood = { $name } تالف أو غير معتاد. يُرسل كما هو، ولا يستطيع أحد أن يعرف على وجه اليقين ما فيه من بيانات مخفية.
page-file-changed = { $file } لم يعد يُقرأ، أو تغيّر. يُرجى إزالته واختياره مرة أخرى. لم يُرسل شيء.
page-readers = من يمكنه قراءته؟
page-readers-hint = ما يُرسل لا يستطيع فتحه إلا من وقع اختيارك عليهم، ولا أحد سواهم.
page-readers-missing = يُرجى اختيار شخص واحد على الأقل

## المراجعة
page-check = مراجعة ما كُتب
page-check-next = يُختم البلاغ على هذا الجهاز قبل إرساله، ولا يستطيع فتحه إلا المذكورون أعلاه.
page-row-title = العنوان
page-nothing = دون تحديد
page-change = تغيير
page-send = الختم والإرسال
page-too-much-text = حجم النص { $bytes } بايت، ولا يتسع البلاغ لأكثر من { $limit }. يُرجى وضع النص الطويل في ملف. لم يُرسل شيء.

## الاسم الرمزي
page-codename = اسمك الرمزي
page-codename-why = بهذه الكلمات يمكنك العودة وقراءة الردود والكتابة من جديد. لم يُرسل شيء بعد.
page-codename-have = الكلمات معي
page-confirm = كلمتان من كلماتك
page-confirm-hint = لنتأكد من أن الكلمات معك. لرؤيتها كلها من جديد: زر الرجوع.
page-confirm-word = الكلمة رقم { $number }
page-confirm-wrong = الكلمة رقم { $number } مختلفة. يُرجى مراجعة ما كتبته، أو الرجوع لرؤية الكلمات.

## الإرسال
page-sending = نرسل البلاغ
page-stay = يُرجى إبقاء هذه الصفحة مفتوحة حتى يظهر أن البلاغ وصل.
page-stage-keys = نُنشئ مفاتيحك. قد يستغرق ذلك نصف دقيقة في متصفح Tor Browser …
page-stage-reading = نقرأ الملفات …
page-stage-sending = نختم البلاغ ونرسله …
page-progress = { $done } من { $total }
page-not-sent = لم يُرسل البلاغ
page-not-sent-kept = ما كتبته باقٍ هنا ما دامت هذه الصفحة مفتوحة.
page-unreachable = تعذّر الوصول إلى صندوق البلاغات. يُرجى التحقق من الشبكة والمحاولة مرة أخرى؛ لم يضع شيء.
page-dishonest = هذا الصندوق لا يوثق به: يجيب على غير ما ينبغي. يُرجى إبلاغ فريق التنسيق بطريقة غير هذه الصفحة.
page-mistake = وقع خطأ في هذه الصفحة. تُرجى المحاولة مرة أخرى؛ فإن تكرر الخطأ، تُرجى المحاولة بمتصفح آخر أو إبلاغ فريق التنسيق.
page-done = وصل بلاغك

## العودة
page-return-how = طريقة العودة
page-return-steps = يُفتح الرابط نفسه، ثم يُختار «لديّ اسم رمزي» وتُكتب الكلمات الثماني. تفيد العودة بعد بضعة أيام: إن كانت هناك أسئلة فستظهر هناك. هذا هو الرابط:
page-acknowledge = إن لم يصل رد، فيُرجى الكتابة مرة أخرى: قد يفقد الصندوق بعض ما فيه، ولا يستطيع أحد أن يكتب إليك بطريقة أخرى.
page-kept-for = مدة الحفظ في الصندوق بالأيام: { $days }، وتطول إن توقّف الصندوق لفترة.
page-receipt = إيصال صندوق البلاغات
page-receipt-what = يُثبت لاحقًا أن البلاغ كان لدى الصندوق في هذا اليوم. يُحفظ فقط حيث لا يجده أحد غيرك.
page-receipt-save = حفظ الإيصال
page-enter = يُرجى كتابة اسمك الرمزي
page-enter-hint = الكلمات الثماني وبينها مسافات. تكفي الأحرف الأربعة الأولى من كل كلمة.
page-thread = ما أُرسل وما جاء من ردود
page-add = ماذا لديك لإضافته؟
page-write-again = الكتابة من جديد
page-look-again = تحديث
page-reply-delete = حذف الرد { $number }
page-reply-delete-really = حذف الرد { $number } نهائيًّا
page-reply-save = حفظ { $name } ({ $size })
