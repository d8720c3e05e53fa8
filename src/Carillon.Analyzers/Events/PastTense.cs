namespace Carillon.Analyzers.Events;

/// <summary>Whether a word is the past of an English verb, by its ending and by lists of those that do not follow it.</summary>
internal static class PastTense
{
    // They end like a past, and are none.
    private static readonly HashSet<string> NotPast = new(StringComparer.Ordinal)
    {
        "bed", "bleed", "breed", "embed", "exceed", "feed", "heed", "hundred", "indeed", "need", "newsfeed", "proceed", "red", "seed", "shed", "speed", "succeed",
        "weed", "wed",
    };

    private static readonly HashSet<string> Irregular = new(StringComparer.Ordinal)
    {
        "arisen", "arose", "awoken", "beaten", "become", "been", "began", "begun", "bent", "bet", "bid", "bitten", "blew", "blown", "bound", "born", "bought", "bred",
        "broadcast", "broke", "broken", "brought", "built", "burnt", "came", "cast", "caught", "chose", "chosen", "clung", "come", "cost", "crept", "cut", "dealt",
        "did", "done", "drawn", "drew", "driven", "drove", "dug", "eaten", "fallen", "fed", "fell", "felt", "fit", "fled", "flew", "flown", "forecast", "forgiven",
        "forgot", "forgotten", "fought", "found", "froze", "frozen", "gave", "given", "gone", "got", "gotten", "grew", "grown", "had", "heard", "held", "hid",
        "hidden", "hit", "hung", "hurt", "kept", "knew", "known", "laid", "learnt", "led", "left", "lent", "let", "lit", "lost", "made", "meant", "met", "mistaken",
        "outgrown", "overcome", "overdrawn", "overridden", "overrode", "overrun", "overtaken", "overthrown", "overwritten", "overwrote", "paid", "prepaid", "proven",
        "put", "quit", "ran", "read", "rebuilt", "redone", "regrown", "remade", "repaid", "reread", "rerun", "resent", "reset", "resold", "retaken", "rewound",
        "rewritten", "rewrote", "rid", "ridden", "risen", "rode", "rose", "run", "rung", "said", "sat", "saw", "seen", "sent", "set", "shaken", "shot", "shown",
        "shrunk", "shut", "slept", "slid", "sold", "sought", "spent", "split", "spoke", "spoken", "spread", "spun", "stolen", "stood", "struck", "stuck", "sung",
        "sunk", "swept", "sworn", "swum", "swung", "taken", "taught", "thought", "threw", "thrown", "told", "took", "torn", "undertaken", "understood",
        "undid", "undone", "unset", "unsent", "unwound", "upheld", "upset", "went", "withdrawn", "withdrew", "withheld", "woke", "woken", "won", "wore", "worn",
        "wound", "wove", "woven", "written", "wrote",
    };

    internal static bool Is(string word) =>
        Irregular.Contains(word) || (word.Length > 3 && word.EndsWith("ed", StringComparison.Ordinal) && !NotPast.Contains(word));
}
