import type { Language } from "./goods.ts";
import type { Random } from "./random.ts";

// Shop and person names are put together from syllables and plain words: nobody real is meant.
const zhFirst = [..."青禾木竹晴暖拾半初松溪岚朴素麦柚橘茉晨夕鹿雁枫桐野安知闲"];
const zhSecond = [..."屿里间舍语庭坞岸林谷原亭然风声味集堂野笺"];
const zhTrade: Readonly<Record<string, readonly string[]>> = {
  home: ["家居", "生活馆", "居家用品"],
  kitchen: ["厨具", "餐厨", "厨房用品"],
  clothing: ["服饰", "衣坊", "女装", "男装"],
  electronics: ["数码", "电子", "数码配件"],
  beauty: ["美妆", "护肤", "个护"],
  food: ["食品", "零食", "土特产", "茶食"],
  toys: ["玩具", "童趣馆", "益智玩具"],
  books: ["书店", "图书", "书屋"],
  sports: ["运动", "户外", "运动装备"],
  pets: ["宠物", "宠物用品", "萌宠"],
};
const zhSuffix = ["旗舰店", "专营店", "小铺", "工坊", "商行", "优选店", "杂货", "直营店", ""];
const enFirst =
  "Quiet,Maple,Paper,Copper,North,Little,Willow,Amber,Stone,Clover,Harbour,Juniper,Velvet,Meadow,Lantern,Cedar".split(
    ",",
  );
const enSecond =
  "Finch,Lane,Yard,Otter,Cottage,Field,Pine,Barrel,Corner,Sparrow,Anchor,Thistle,Garden,Kettle,Hollow,Bridge".split(
    ",",
  );
const enTrade: Readonly<Record<string, string>> = {
  home: "Home",
  kitchen: "Kitchenware",
  clothing: "Clothing",
  electronics: "Electronics",
  beauty: "Beauty",
  food: "Foods",
  toys: "Toys",
  books: "Books",
  sports: "Outdoors",
  pets: "Pet Supplies",
};

export const regions: readonly string[] = ["华东", "华南", "华北", "华中", "西南", "西北", "东北"];

export function shopName(category: string, language: Language, random: Random): string {
  if (language === "en") {
    const joint = random.chance(0.35) ? " & " : " ";
    return `${random.pick(enFirst)}${joint}${random.pick(enSecond)} ${enTrade[category] ?? "Goods"}`;
  }
  const stem = `${random.pick(zhFirst)}${random.pick(zhSecond)}`;
  return `${stem}${random.pick(zhTrade[category] ?? ["百货"])}${random.pick(zhSuffix)}`;
}

export function promoterName(language: Language, random: Random): string {
  if (language === "en")
    return `${random.pick(enFirst)} ${random.pick(["Finds", "Picks", "Diaries", "Reviews", "Tries"])}`;
  const habit = random.pick(["爱买", "开箱", "好物", "省钱记", "种草", "测评", "的日常"]);
  return `${random.pick(["阿", "小", "大"])}${random.pick(zhFirst)}${habit}`;
}

const surnames = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"];
const given = [..."一子雨晨欣怡宇轩佳琪浩然思远静婷文博嘉乐明月小禾知夏"];
const enGiven = "Alex,Robin,Sam,Jamie,Taylor,Morgan,Casey,Jordan,Riley,Quinn,Avery,Drew,Kim,Lee,Noor,Ari".split(",");
const enFamily =
  "Ashdown,Brookes,Fenwick,Harrow,Linfield,Marlow,Norwood,Oakes,Penrose,Quill,Rowan,Selby,Thorne,Wick".split(",");

export function personName(language: Language, random: Random): string {
  if (language === "en") return `${random.pick(enGiven)} ${random.pick(enFamily)}`;
  return random.pick(surnames) + random.pick(given) + (random.chance(0.7) ? random.pick(given) : "");
}

/** A telephone number of the block 13800xxxxxx, which carriers keep for their own services. */
export function telephone(number: number): string {
  return `13800${String(number % 1_000_000).padStart(6, "0")}`;
}

const roads = ["青禾路", "松溪街", "晴岚大道", "知夏巷", "鹿鸣路", "半山街", "麦田路", "橘林路", "晨风大道", "素心巷"];

/** An address of streets that were made up. */
export function address(region: string, random: Random): string {
  const floor = random.integer(1, 28);
  return `${region} ${random.pick(roads)}${random.integer(1, 480)}号${random.integer(1, 18)}幢${floor}0${random.integer(1, 6)}室`;
}
