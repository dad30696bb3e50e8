#!/usr/bin/env python3
"""Derives the tables of the detector from licensed dictionaries. Run by hand when they change:

    pip download jieba==0.42.1 cpca==0.5.5 jionlp==1.5.31 opencc-python-reimplemented==0.1.7 --no-deps
    derive.py JIEBA_DICT CPCA_ADCODES JIONLP_AREA_CODES [OPENCC_TSCHARACTERS]

jieba (MIT): dict.txt. cpca (MIT): adcodes.csv. jionlp (Apache-2.0): landline_phone_area_code.txt. OpenCC (Apache-2.0): TSCharacters.txt.
Weights are tenths of a nat: ten times the natural logarithm of how much likelier something is in a name than in running text.
"""
import collections
import csv
import math
import sys

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷"
    "龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文岳樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦欧路管岑梅庄辛华骆凌包裴祝柯涂阮霍左成詹苗费纪靳祁盛童柳"
    "党关项单费欧鲍卜冉耿翁甘游邢屈卫边鄢车项景阎房时齐司褚娄谷穆盖宁燕冷符苟应柏曲凤鞠连桂滕喻官宫池匡戚沙饶占竺敖解巩艾巫从郎窦植仇竹阳敬简储晏鄂甄宗那雍查米步"
    "尚佟麦蒲邬木迟皮戈劳南明植井候佘缪闻班幸薄揭商阚蒙桑楚蔺宿初慕利栾冀银原帅衣丛牟强练苑咸邝荆闵鹿萧傅卓隋邸冼麻扈湛门花臧仲应虞诸封都修屠印来矫师栗全奚丰荣古隆郁"
)
DOUBLE = (
    "欧阳 司马 上官 诸葛 夏侯 皇甫 东方 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 轩辕 南宫 端木 百里 独孤 澹台 呼延 闻人 太史 申屠 公羊 淳于 单于 仲孙 钟离 拓跋 完颜 纳兰 西门"
    " 耶律 赫连 万俟 鲜于 东郭 亓官 司空 公冶 左丘 闾丘 谷梁 巫马 乐正 漆雕"
).split()
# Everyday words that dictionaries call names, or that chat uses far more than newspapers do.
CHAT = """谢谢 高兴 高手 任何 任务 于是 于此 余额 余下 和气 和谐 方便 方法 方式 方案 方向 方面 高速 高铁 高中 高考 周末 周边 周围 周一 周二 周三 周四 周五 周六 周日 周年 周期
 安全 安排 安静 安装 安心 安定 时间 时候 时代 时光 时常 成功 成绩 成本 成为 成都 成立 成长 成员 成人 常见 常用 常常 常去 应该 应当 应用 查询 查看 查到 查找 查一 查下 查查 路上 路口 路线 路过 路程 路边
 管理 管家 管用 包括 包含 包子 包装 包间 包厢 包车 车站 车票 车费 车位 车程 门票 门口 门店 门前 花园 花费 花钱 花了 原来 原因 原价 原谅 明天 明白 明年 明显 明星 明早 明晚 南京 南门 南方
 文化 文件 文章 文字 文艺 文明 万一 万元 万里 万事 万达 白天 白色 白酒 白云 白菜 金额 金融 金钱 金山 金牌 金色 江南 江苏 江西 石头 石油 石家 毛病 毛衣 毛巾 严重 严格 严肃 段时 段落
 孔雀 向着 向你 向您 向他 向前 向导 康复 易懂 易用 单位 单独 单子 单人 单身 单价 项目 关于 关系 关心 关门 关注 关键 关闭 连接 连续 连锁 连夜 官方 官网 官员 宁可 宁愿 宁波 司机 司法
 温度 温泉 温馨 温暖 温柔 从来 从此 从前 从事 从这 从那 从您 从你 从我 那么 那个 那些 那里 那边 那儿 那样 那我 那你 那就 那好 那是 那家 那有 那请 那能 那可 那附 那周 那行 那还 那谢 那麻 那去 那也 那在
 步行 步骤 利用 利益 都是 都有 都在 都能 都可 都不 都要 都很 都会 来自 来说 来看 来的 来到 来玩 来过 来吧 全部 全国 全家 全聚 全程 全天 全身 强烈 强大 修改 修理 强调 商场 商店 商务 商品 商量 商业 初次 初步
 解决 解释 解放 解散 乐意 乐园 米饭 米线 米粉 班级 班主 楚天 游玩 游览 游客 游泳 游戏 边上 边吃 党员 房间 房子 房价 房山 平谷 通知 通过 曲目 盖饭 左右 左边 景点 景色 景区 景山 古代 古城 古镇 古迹 古典
 宫廷 齐全 牛肉 牛排 牛奶 鱼头 鱼香 马上 马路 马车 田地 华人 华丽 华北 华为 华联 史上 常州 广州 程度 程序 许多 许可 许久 段路 荣幸 荣华 荣誉 尚可 尚未 幸好 幸福 幸运 祝你 祝您 祝愿 祝贺 柳州 薄饼 简单 简直 简介
 丰富 丰台 丰盛 桂林 桂花 阳光 阳台 洪水 武汉 武术 章节 易经 夏天 夏季 秦皇 苏州 蒙古 汤圆 汤面 唐朝 宋朝 明朝 元朝 赖在 施工 施展 季节 季度 童年 童话 项链 盛大 盛开 甘肃 闻名 闻到 符合 连锁 宗教 宗旨 储存 师傅 师生 师父
 冷静 冷水 冷饮 沙发 沙滩 印象 印度 印刷 屠宰 封闭 封面 钱包 钱多 钱的 钱吗 钱呢 钱吧 钱啊 钱了 于家 付款 付钱 付费 付出 何时 何处 何必 何况 康熙 麦当 麦克 计算 纪念 纪录 党校 童装 成吉 常规 余杭 左手 安贞 安门 元旦
 张贴 张开 张口 张罗 张家 张望 王府 王者 王国 王子 李子 杨树 杨梅 黄色 黄瓜 黄河 黄金 黄山 黄昏 高峰 高低 高度 高级 高档 高价 高原 高等 高于 高的 高吗 高一 高二 高三 高分 林子 林业 罗马 罗列 梁山 田野 白领 白日 石景 江水 万象""".split()

names, background, words = [], collections.Counter(), collections.Counter()
for line in open(sys.argv[1], encoding="utf-8"):
    word, count, tag = line.rstrip("\n").split(" ")
    if not all("\u4e00" <= c <= "\u9fff" for c in word):
        continue
    count = int(count)
    if tag in ("nr", "nrfg"):
        names.append(word)
    else:
        words[word] = max(words[word], count)
        for c in word:
            background[c] += count
for word in CHAT:
    words[word] = max(words[word], 20_000)

single = list(dict.fromkeys(SURNAMES))
rank = {c: n for n, c in enumerate(single)}
whole = sum(background.values())
first, second = collections.Counter(), collections.Counter()
for name in names:
    if name[:2] in DOUBLE:
        rest = name[2:]
    elif name[0] in rank:
        rest = name[1:]
    else:
        continue
    if len(rest) == 2:
        first[rest[0]] += 1
        second[rest[1]] += 1


def weight(counts, c):
    total = sum(counts.values())
    inside = (counts[c] + 0.05) / (total + 0.05 * 6000)
    outside = (background[c] + 200) / (whole + 200 * 6000)
    return max(-60, min(60, round(10 * math.log(inside / outside))))


with open("surnames.tsv", "w", encoding="utf-8") as out:
    out.write("# surname, weight (tenths of a nat)\n")
    for n, c in enumerate(single):
        # Frequency among people falls about with the rank (ministry's yearly list); what the character does elsewhere is from the dictionary.
        inside = 0.072 / (1 + n / 6) ** 1.15
        outside = (background[c] + 200) / (whole + 200 * 6000)
        out.write(f"{c}\t{max(-60, min(60, round(10 * math.log(inside / outside))))}\n")
    for c in DOUBLE:
        out.write(f"{c}\t40\n")
with open("given.tsv", "w", encoding="utf-8") as out:
    out.write("# character, weight as the first of two, as the last (tenths of a nat)\n")
    for c in sorted(set(first) | set(second) | {c for c, n in background.items() if n > 20_000}):
        out.write(f"{c}\t{weight(first, c)}\t{weight(second, c)}\n")
with open("words.tsv", "w", encoding="utf-8") as out:
    out.write("# word of two to four characters that is no name, how common (tenths of a nat over the rarest)\n")
    for word, count in sorted(words.items()):
        if 2 <= len(word) <= 4 and (count >= 60 if len(word) == 2 else count >= 200):
            out.write(f"{word}\t{min(90, round(10 * math.log(count / 30)))}\n")
SUFFIX = ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "新区", "省", "市", "区", "县", "旗", "盟")
with open("places.txt", "w", encoding="utf-8") as out:
    out.write("# provinces, cities, districts and counties; a second form without the suffix where three or more characters or a city remain\n")
    seen = set()
    for row in csv.DictReader(open(sys.argv[2], encoding="utf-8")):
        name, code = row["name"].strip(), row["adcode"]
        if len(name) < 2 or not all("\u4e00" <= c <= "\u9fff" for c in name) or name in ("市辖区", "县"):
            continue
        seen.add(name)
        for suffix in SUFFIX:
            if name.endswith(suffix) and len(name) - len(suffix) >= 2 and code[4:6] == "00":
                seen.add(name[: -len(suffix)])
                break
    out.write("\n".join(sorted(seen)) + "\n")
with open("area_codes.txt", "w", encoding="utf-8") as out:
    out.write("# area codes of landline numbers\n")
    codes = sorted({line.split()[0] for line in open(sys.argv[3], encoding="utf-8") if line.startswith("0")})
    out.write("\n".join(codes) + "\n")
if len(sys.argv) > 4:
    pairs = []
    for line in open(sys.argv[4], encoding="utf-8"):
        traditional, simple = line.rstrip("\n").split("\t")
        simple = simple.split(" ")[0]
        if traditional != simple and all("\u4e00" <= c <= "\u9fff" for c in traditional + simple):
            pairs.append(traditional + simple)
    with open("traditional.txt", "w", encoding="utf-8") as out:
        for at in range(0, len(pairs), 40):
            out.write("".join(pairs[at : at + 40]) + "\n")
