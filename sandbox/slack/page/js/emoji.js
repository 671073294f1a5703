// Short names of common emoji, as Slack knows them. Others are left as :name:.

const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 wave 👋 raised_hands 🙌 pray 🙏 muscle 💪 handshake 🤝 ok_hand 👌 point_right 👉 point_left 👈 point_up ☝️
point_down 👇 raised_hand ✋ hand ✋ writing_hand ✍️ salute 🫡 saluting_face 🫡 v ✌️ crossed_fingers 🤞 eyes 👀 brain 🧠 heart ❤️ blue_heart 💙
green_heart 💚 yellow_heart 💛 purple_heart 💜 orange_heart 🧡 sparkling_heart 💖 tada 🎉 confetti_ball 🎊 sparkles ✨ star ⭐ star2 🌟 fire 🔥 boom 💥
zap ⚡ 100 💯 trophy 🏆 medal 🏅 sports_medal 🏅 military_medal 🎖️ first_place_medal 🥇 rocket 🚀 ship 🚢 anchor ⚓ airplane ✈️ helicopter 🚁 us 🇺🇸 flag-us 🇺🇸
smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 sweat_smile 😅 slightly_smiling_face 🙂 wink 😉 blush 😊 relaxed ☺️ heart_eyes 😍 thinking_face 🤔 thinking 🤔
hugging_face 🤗 hugs 🤗 sunglasses 😎 nerd_face 🤓 partying_face 🥳 cry 😢 sob 😭 disappointed 😞 worried 😟 confused 😕 neutral_face 😐 sleeping 😴 zzz 💤
sweat 😓 scream 😱 upside_down_face 🙃 face_with_monocle 🧐 shrug 🤷 facepalm 🤦 person_raising_hand 🙋 raising_hand 🙋 technologist 🧑‍💻 teacher 🧑‍🏫
student 🧑‍🎓 mortar_board 🎓 bust_in_silhouette 👤 busts_in_silhouette 👥 people_holding_hands 🧑‍🤝‍🧑 family 👪 robot_face 🤖 ghost 👻 dog 🐶 cat 🐱 bear 🐻 penguin 🐧
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️ no_entry ⛔ no_entry_sign 🚫
warning ⚠️ exclamation ❗ heavy_exclamation_mark ❗ question ❓ grey_question ❔ bangbang ‼️ information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕 mega 📣
loudspeaker 📢 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ lock 🔒 unlock 🔓 key 🔑 shield 🛡️ rotating_light 🚨 sos 🆘
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫
large_green_square 🟩 large_red_square 🟥 large_yellow_square 🟨 small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_forward ▶️ fast_forward ⏩ arrows_counterclockwise 🔄 repeat 🔁 back 🔙 soon 🔜 new 🆕 free 🆓
calendar 📅 date 📅 spiral_calendar_pad 🗓️ clock 🕒 clock1 🕐 clock3 🕒 clock9 🕘 alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚
memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 bookmark_tabs 📑 books 📚 book 📖 open_book 📖 notebook 📓 newspaper 📰 bookmark 🔖 label 🏷️ pushpin 📌
round_pushpin 📍 paperclip 📎 link 🔗 scissors ✂️ file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ inbox_tray 📥 outbox_tray 📤 package 📦 email 📧
envelope ✉️ incoming_envelope 📨 mailbox 📫 telephone_receiver 📞 phone ☎️ iphone 📱 computer 💻 desktop_computer 🖥️ keyboard ⌨️ headphones 🎧 microphone 🎤
camera 📷 video_camera 📹 mag 🔍 mag_right 🔎 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ construction 🚧 nut_and_bolt 🔩 bug 🐛 beetle 🪲 test_tube 🧪
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 moneybag 💰 dollar 💵 briefcase 💼 office 🏢 house 🏠 house_with_garden 🏡 school 🏫
coffee ☕ tea 🍵 pizza 🍕 cake 🍰 birthday 🎂 beer 🍺 apple 🍎 seedling 🌱 herb 🌿 four_leaf_clover 🍀 deciduous_tree 🌳 evergreen_tree 🌲 sunflower 🌻 rose 🌹
sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ rainbow 🌈 ocean 🌊 earth_americas 🌎 earth_africa 🌍 globe_with_meridians 🌐 crescent_moon 🌙
full_moon 🌕 sunrise 🌅 mountain ⛰️ compass 🧭 world_map 🗺️ checkered_flag 🏁 triangular_flag_on_post 🚩 dart 🎯 game_die 🎲 jigsaw 🧩 gift 🎁 balloon 🎈
ribbon 🎗️ reminder_ribbon 🎗️ art 🎨 musical_note 🎵 notes 🎶 guitar 🎸 zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟
heavy_plus_sign ➕ heavy_minus_sign ➖ infinity ♾️ recycle ♻️ copyright ©️ registered ®️ tm ™️
`;

const words = TABLE.trim().split(/\s+/);
const EMOJI = new Map();
for (let index = 0; index < words.length; index += 2) EMOJI.set(words[index], words[index + 1]);

const NOBODY_HAS = "\u{10FFFE}"; // no character: what is drawn for it stands for all that can't be drawn
let canDraw = null;

/** False on a machine without a font for emoji, where each would be the same empty box. */
function hasEmoji() {
  canDraw ??= picture("\u{1F44D}") !== picture(NOBODY_HAS);
  return canDraw;
}

function picture(character) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d");
  pen.font = "16px sans-serif";
  pen.fillText(character, 2, 18);
  return canvas.toDataURL();
}

/** The character for a short name without colons; null if it isn't known or can't be drawn here. */
export const emojiFor = (name) => (hasEmoji() ? (EMOJI.get(name) ?? null) : null);
