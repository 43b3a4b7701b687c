# ما يقرؤه في نافذة الأوامر من يرسل بلاغًا.
#
# Commands, links, dates and ids stand at the beginning of a line, and literal ones in placeables, { "so" }. A page isolates
# every placeable. A terminal gets no marks, and there an Arabic letter earlier in the line would turn 2026-03-21 around.

answer-yes = نعم
answer-no = لا

## الإرسال
submit-connecting = نسأل صندوق البلاغات عن فريق التنسيق …
submit-sending = نرسل البلاغ …
submit-waiting = ننتظر الشبكة …
submit-starts-over = لم يحتفظ صندوق البلاغات بما أُرسل. نختم البلاغ من جديد بمفتاح جديد ونرسله من البداية.
submit-accepted =
    وصل بلاغك إلى صندوق البلاغات، ولا يستطيع فتحه إلا من اخترتهم من فريق التنسيق. رقمه ويوم وصوله:
    { $id } · { $day }
submit-come-back = يُرجى الاحتفاظ بالكلمات الثماني: بها وحدها يمكنك إضافة شيء إلى هذا البلاغ.
submit-receipt-saved =
    حُفظ الإيصال في هذا الملف:
    { $path }
    للتحقق منه بعد سنوات تلزم قائمة فريق التنسيق أيضًا:
    { "kua roster fetch LINK --out roster.json" }
seal-sealing = نختم البلاغ على هذا الجهاز …
seal-done =
    خُتم البلاغ، ولا يستطيع فتحه من يحمله أو يرسله. الملف ورقم البلاغ:
    { $path }
    { $id }

## الاسم الرمزي
codename-this-is = هذه الكلمات الثماني هي اسمك الرمزي. تظهر مرة واحدة فقط:
codename-keep =
    يُرجى كتابتها على ورقة أو حفظها عن ظهر قلب، دون تصويرها ودون إرسالها إلى أي أحد.
    لا أحد يستطيع أن يعيدها إليك إن ضاعت.
codename-ask-word = لنتأكد من أن الكلمات معك: ما الكلمة رقم { $number }؟
codename-wrong-word = ليست هذه هي الكلمة. يُرجى النظر إلى الكلمات الثماني أعلاه.

## كتابة البلاغ
interview-readers = هؤلاء يستطيعون قراءة بلاغك، ولا أحد سواهم:
interview-digits = إن أُعطيت أرقامًا للمقارنة، فيجب أن تكون هذه:
interview-hint =
    المطلوب هو ما حدث فقط. لتخطي أي سؤال: Enter. وللتوقف دون إرسال أي شيء: Ctrl-C.
    يُرجى عدم كتابة اسمك، إلا إن أردت أن يُعرف.
interview-choose-readers = من يمكنه قراءته؟ الجميع، إن تُرك السطر فارغًا:
interview-what = ماذا حدث؟ سطر فارغ يُنهي النص.
interview-title = ما العنوان، في سطر واحد؟ (Enter لأخذ بداية النص)
interview-when =
    متى حدث ذلك؟ يُكتب التاريخ بأحد هذه الأشكال:
    { "2026-03-21" }
    { "2026-03" }
    { "2026" }
    التاريخ (Enter إن لم يكن معروفًا):
interview-when-wrong =
    يُرجى كتابة التاريخ بأحد هذه الأشكال:
    { "2026-03-21" }
    { "2026-03" }
    { "2026" }
interview-where = أين؟ المكان بالكلمات (Enter إن لم يكن معروفًا)
interview-acts = ما الذي ارتُكب؟ يمكنك كتابة عدة أرقام:
interview-victim-kind = بحقّ من؟
interview-victim-role = ما صفة هذا الشخص أو هذه المجموعة، في بضع كلمات ودون أسماء؟ (مثلًا: عضو نقابة عمالية)
interview-perpetrator-type = من فعل ذلك؟
interview-perpetrator-description = ما المعروف عنهم؟ (الزي، الوحدة، الشكل)
interview-severity = ما مدى استعجال الأمر؟
interview-file = ملف يُرفق بالبلاغ: مساره (Enter إن لم يوجد).
interview-numbers = أرقام من القائمة بينها مسافات (Enter لعدم الاختيار):
interview-numbers-wrong = يُرجى كتابة أرقام من 1 إلى { $most }.
interview-one-number = يُرجى كتابة رقم واحد فقط.
interview-review = هذا ما سيُختم ويُرسل:
interview-to = إلى
interview-to-all = جميع أعضاء فريق التنسيق المذكورين أعلاه
interview-send = هل نختم البلاغ ونرسله؟
interview-again = هل نعيد الكتابة من البداية؟

## ما يختبئ في الملفات
hidden-found = في الملف { $name } بيانات مخفية غير ما تُظهره الصورة:
hidden-location = مكان التصوير
hidden-device = الجهاز
hidden-author = المؤلف
hidden-time = الوقت
hidden-thumbnail = صورة مصغّرة قد يظهر فيها ما قُصّ لاحقًا
hidden-comment = نص
hidden-software = البرنامج
hidden-history = ما أُجري عليها، وربما من أجراه (XMP, IPTC)
hidden-profile = ملف ألوان قد يدل على الجهاز
hidden-trailing = بيانات بعد نهاية الصورة
hidden-unknown = بيانات غير معروفة
hidden-ask = هل نزيل هذه البيانات؟ تبقى الصورة كما هي، ولا يتغير الملف على جهازك.
hidden-removed = أُزيلت من النسخة المرسلة من { $name }.
hidden-kept =
    تُرسل هذه البيانات مع الملف { $name }. لإزالتها يُضاف هذا الخيار:
    { "--strip-metadata" }
hidden-other-format = { $name } يُرسل كما هو: قد تكون فيه بيانات مخفية عن المكان والجهاز والمؤلف، ولا يمكن إزالتها هنا.
hidden-send-unclean = هل نرسله كما هو بكل ما فيه من بيانات مخفية؟

## العودة
return-looking = ننظر في صندوق الردود …
return-codename = اسمك الرمزي، الكلمات الثماني:
return-nothing = لا شيء هنا بهذا الاسم الرمزي. تُرجى مراجعة الكلمات أو الرابط.
return-sent = { $day } · { $id } · أُرسل في هذا اليوم
return-opened = فتحه عضو في فريق التنسيق.
return-not-opened = لم يؤكد أحد فتحه حتى الآن.
return-reply = { $day } · الرد { $number } من { $name }:
return-file = معه ملف: { $name } ({ $size }). لحفظه: kua return --out DIR
return-saved =
    حُفظ في الملف الآتي. قد يجده غيرك ممن يستعمل هذا الجهاز:
    { $path }
return-gap = الرد { $number } غير موجود: إما أنه حُذف من جهتك، وإما أن صندوق البلاغات يحجبه.
return-double = يوجد ردّان بالرقم { $number }: كتب عضوان في فريق التنسيق في الوقت نفسه، أو حُذفت من جهتك ردود بينهما.
return-refused = { $id } لم يُعرض: { $why }.
return-refused-seal = ليس مختومًا لك، أو جرى تغييره
return-refused-author = لم يوقّعه أي عضو في فريق التنسيق لهذا الصندوق
return-refused-place = كُتب لغيرك أو لصندوق آخر
return-refused-form = يخالف قواعد الردود
return-menu = 1 كتابة   2 حذف الردود   3 تحديث   4 خروج:
return-what = ماذا لديك لإضافته؟ سطر فارغ يُنهي النص.
acknowledgement = شكرًا. وصل بلاغك وفتحه عضو في فريق التنسيق. تُرجى العودة بكلماتك الثماني: إن كانت لدينا أسئلة فستظهر هنا.

## الإيصالات
receipt-holds =
    الإيصال صحيح. كان هذا البلاغ في صندوق البلاغات، وهذا رقمه ويومه وحجمه بالبايت:
    { $id } · { $day } · { $size }
receipt-file-agrees =
    هذا الملف هو البلاغ نفسه، بكل بايت فيه:
    { $path }
receipt-roster-ended =
    انتهى العمل بقائمة فريق التنسيق، فلا يُختم لها بعد الآن، ويبقى ما تقوله عن مفتاح الصندوق صحيحًا. انتهت في:
    { $day }
receipt-link-agrees = قائمة فريق التنسيق وقّعها المفتاح الذي يدل عليه الرابط.
receipt-digits = لا يصح الإيصال إلا إذا كانت هذه هي الأرقام المعروفة لديك لهذا الصندوق. تُرجى مقارنتها:

## أسطر البلاغ
open-occurred = متى
open-place = المكان
open-acts = ما ارتُكب
open-severity = الاستعجال
open-victim = بحقّ من
open-perpetrator = الفاعل
open-source = المصدر
open-intervention = التدخل
open-attachment = ملف

## الصفحة
site-same = { $path } مطابق
site-other =
    { $path } مختلف! بصمته SHA-256:
    { $digest }
site-missing =
    { $path } مفقود! ردّ الصندوق:
    { $status }
site-field-other =
    { $path } · { $name } حقل مختلف!
    { $value }
site-field-missing = { $path } · { $name } حقل مفقود!
site-field-added =
    { $path } · { $name } حقل زائد!
    { $value }
site-agrees =
    يقدّم الصندوق الصفحة التي يعرفها هذا البرنامج، بحسب ما أظهره له الآن. بصمة ملفه SHA256SUMS:
    { $digest }
