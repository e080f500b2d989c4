using Mainstay.Skills.Rendering.Formatting;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Methods;

/// <summary>The methods of text.</summary>
internal static class TextMethods
{
    private static readonly MethodTable<string> Table = new(new(StringComparer.Ordinal)
    {
        ["capitalize"] = Change(LetterCase.Capitalize),
        ["casefold"] = Change(text => LetterCase.Lower(LetterCase.Upper(text))),
        ["center"] = Pad(Padding.Center),
        ["count"] = TextSearch.Count,
        ["endswith"] = (_, self, arguments) => TextSearch.Affix(self, arguments, atEnd: true),
        ["find"] = (_, self, arguments) => TextSearch.Find(self, arguments, fromEnd: false) ?? -1L,
        ["format"] = (run, self, arguments) => new BraceFormat(run, arguments, null).Apply(self),
        ["format_map"] = FormatMap,
        ["index"] = (_, self, arguments) => TextSearch.Find(self, arguments, fromEnd: false) ?? throw NotFound(),
        ["isalnum"] = Ask(text => text.Length > 0 && text.All(char.IsLetterOrDigit)),
        ["isalpha"] = Ask(text => text.Length > 0 && text.All(char.IsLetter)),
        ["isascii"] = Ask(text => text.All(char.IsAscii)),
        ["isdecimal"] = Ask(text => text.Length > 0 && text.All(char.IsDigit)),
        ["isdigit"] = Ask(text => text.Length > 0 && text.All(char.IsDigit)),
        ["islower"] = Ask(LetterCase.IsLower),
        ["isnumeric"] = Ask(text => text.Length > 0 && text.All(char.IsNumber)),
        ["isspace"] = Ask(text => text.Length > 0 && text.All(char.IsWhiteSpace)),
        ["istitle"] = Ask(text => text.Any(char.IsLetter) && LetterCase.Title(text) == text),
        ["isupper"] = Ask(LetterCase.IsUpper),
        ["join"] = Join,
        ["ljust"] = Pad(Padding.Left),
        ["lower"] = Change(LetterCase.Lower),
        ["lstrip"] = (_, self, arguments) => Strip(self, arguments.Bind("chars").Text(0), true, false),
        ["partition"] = (_, self, arguments) => TextSplitting.Partition(self, arguments, fromEnd: false),
        ["removeprefix"] = (_, self, arguments) => Required(arguments) is var affix && self.StartsWith(affix, StringComparison.Ordinal) ? self[affix.Length..] : self,
        ["removesuffix"] = (_, self, arguments) => Required(arguments) is { Length: > 0 } affix && self.EndsWith(affix, StringComparison.Ordinal) ? self[..^affix.Length] : self,
        ["replace"] = (run, self, arguments) => arguments.Bind("old", "new", "count") is var bound ? Replace(run, self, bound.Text(0) ?? throw Missing(), bound.Text(1) ?? throw Missing(), bound.Number(2, -1)) : self,
        ["rfind"] = (_, self, arguments) => TextSearch.Find(self, arguments, fromEnd: true) ?? -1L,
        ["rindex"] = (_, self, arguments) => TextSearch.Find(self, arguments, fromEnd: true) ?? throw NotFound(),
        ["rjust"] = Pad(Padding.Right),
        ["rpartition"] = (_, self, arguments) => TextSplitting.Partition(self, arguments, fromEnd: true),
        ["rsplit"] = (run, self, arguments) => TextSplitting.Split(run, self, arguments, fromEnd: true),
        ["rstrip"] = (_, self, arguments) => Strip(self, arguments.Bind("chars").Text(0), false, true),
        ["split"] = (run, self, arguments) => TextSplitting.Split(run, self, arguments, fromEnd: false),
        ["splitlines"] = (_, self, arguments) => TextLines.Split(self, arguments.Bind("keepends").Flag(0, false)).ConvertAll(line => (object)line),
        ["startswith"] = (_, self, arguments) => TextSearch.Affix(self, arguments, atEnd: false),
        ["strip"] = (_, self, arguments) => Strip(self, arguments.Bind("chars").Text(0), true, true),
        ["swapcase"] = Change(text => string.Concat(CodePoints.Split(text).Select(letter => LetterCase.IsUpper(letter) ? LetterCase.Lower(letter) : LetterCase.Upper(letter)))),
        ["title"] = Change(LetterCase.Title),
        ["upper"] = Change(LetterCase.Upper),
        ["zfill"] = ZeroFill,
    });

    public static ICallable? Find(object text, string name) => Table.Bind(text is Markup markup ? markup.Text : (string)text, name);

    /// <summary>The text without blanks, or the given characters, at its ends.</summary>
    public static string Strip(string text, string? characters, bool atStart, bool atEnd)
    {
        var stripped = text;
        if (atStart)
        {
            stripped = characters is null ? stripped.TrimStart() : characters.Length == 0 ? stripped : stripped.TrimStart(characters.ToCharArray());
        }

        if (atEnd)
        {
            stripped = characters is null ? stripped.TrimEnd() : characters.Length == 0 ? stripped : stripped.TrimEnd(characters.ToCharArray());
        }

        return stripped;
    }

    /// <summary>The text with the first so many occurrences replaced; all for a negative count.</summary>
    public static string Replace(TemplateRun run, string text, string old, string @new, int count)
    {
        var places = old.Length == 0 ? text.Length + 1L : text.Length / old.Length;
        run.Budget.CountText(text.Length + (Math.Min(places, count < 0 ? long.MaxValue : count) * Math.Max(0, @new.Length - old.Length)));
        if (old.Length == 0)
        {
            return Interleave(text, @new, count);
        }

        var result = new System.Text.StringBuilder();
        var begin = 0;
        for (var at = text.IndexOf(old, StringComparison.Ordinal); at >= 0 && count != 0; at = text.IndexOf(old, begin, StringComparison.Ordinal), count--)
        {
            result.Append(text, begin, at - begin).Append(@new);
            begin = at + old.Length;
        }

        return result.Append(text, begin, text.Length - begin).ToString();
    }

    private static string Interleave(string text, string inserted, int count)
    {
        var result = new System.Text.StringBuilder();
        foreach (var character in CodePoints.Split(text))
        {
            result.Append(count-- != 0 ? inserted : "").Append(character);
            count = Math.Max(count, -1);
            if (count == -1 && result.Length == 0)
            {
                break;
            }
        }

        return result.Append(count != 0 ? inserted : "").ToString();
    }

    private static Method<string> Change(Func<string, string> change) => (run, self, arguments) =>
    {
        arguments.Bind();
        run.Budget.CountText(self.Length);
        return change(self);
    };

    private static Method<string> Ask(Func<string, bool> question) => (_, self, arguments) =>
    {
        arguments.Bind();
        return question(self);
    };

    private static Method<string> Pad(Func<string, int, string, string> pad) => (run, self, arguments) =>
    {
        var bound = arguments.Bind("width", "fillchar");
        bound.Required(0);
        run.Budget.CountText(bound.Number(0, 0));
        return pad(self, bound.Number(0, 0), bound.Text(1) ?? " ");
    };

    private static object ZeroFill(TemplateRun run, string self, CallArguments arguments)
    {
        var width = arguments.Bind("width").Number(0, 0);
        run.Budget.CountText(width);
        var sign = self.StartsWith('-') || self.StartsWith('+') ? self[..1] : "";
        return sign + Padding.Right(self[sign.Length..], width - sign.Length, "0");
    }

    private static object FormatMap(TemplateRun run, string self, CallArguments arguments) =>
        new BraceFormat(run, CallArguments.None, arguments.Bind("mapping").Required(0) as TemplateDict ?? throw TemplateException.Runtime("format_map needs a mapping")).Apply(self);

    private static object Join(TemplateRun run, string self, CallArguments arguments)
    {
        var items = run.Budget.ToList(Iteration.Of(arguments.Bind("iterable").Required(0)));
        var texts = items.ConvertAll(item => item is string or Markup ? run.Text.Of(item) : throw TemplateException.Runtime($"join needs texts, not {TypeName.Of(item)}"));
        run.Budget.CountText(texts.Sum(text => (long)text.Length + self.Length));
        return string.Join(self, texts);
    }

    private static string Required(CallArguments arguments) => arguments.Bind("affix").Text(0) ?? throw Missing();

    private static TemplateException Missing() => TemplateException.Runtime("an argument is missing");

    private static TemplateException NotFound() => TemplateException.Runtime("the text does not contain what is sought");
}
