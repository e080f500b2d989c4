using System.Text;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Turns a regular expression of ECMAScript, which schemas use, into one of .NET that means the same.</summary>
internal static class EcmaPattern
{
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L",
        ["Lowercase_Letter"] = "Ll",
        ["Uppercase_Letter"] = "Lu",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["Symbol"] = "S",
        ["Separator"] = "Z",
        ["Other"] = "C",
        ["Control"] = "Cc",
    };

    /// <summary>The expression as .NET has it; what is not valid stays so.</summary>
    public static string Translate(string pattern)
    {
        var translated = new StringBuilder(pattern.Length);
        var isInClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length:
                    translated.Append(Escape(pattern, ref i, isInClass));
                    break;
                case '[' when !isInClass:
                    isInClass = true;
                    translated.Append('[');
                    break;
                case '[':
                    // .NET would subtract a class here.
                    translated.Append(@"\[");
                    break;
                case ']':
                    isInClass = false;
                    translated.Append(']');
                    break;
                case '$' when !isInClass:
                    // In .NET alone, $ stands before a last line feed too.
                    translated.Append(@"\z");
                    break;
                case var high when char.IsHighSurrogate(high) && i + 1 < pattern.Length && !isInClass:
                    // One character, though two of UTF-16: what repeats it repeats both.
                    translated.Append("(?:").Append(high).Append(pattern[++i]).Append(')');
                    break;
                default:
                    translated.Append(pattern[i]);
                    break;
            }
        }

        return translated.ToString();
    }

    // Digits and word characters are those of ASCII; what a category is called has a long form.
    private static string Escape(string pattern, ref int index, bool isInClass)
    {
        var letter = pattern[++index];
        switch (letter)
        {
            case 'd':
                return isInClass ? "0-9" : "[0-9]";
            case 'D' when !isInClass:
                return "[^0-9]";
            case 'w':
                return isInClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]";
            case 'W' when !isInClass:
                return "[^a-zA-Z0-9_]";
            case 's':
                return isInClass ? @"\s\uFEFF" : @"[\s\uFEFF]";
            case 'S' when !isInClass:
                return @"[^\s\uFEFF]";
            case 'p' or 'P' when pattern.IndexOf('}', index) is > 0 and var end && pattern[index + 1] == '{':
                var name = pattern[(index + 2)..end];
                name = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
                index = end;
                return $"\\{letter}{{{Categories.GetValueOrDefault(name, name)}}}";
            default:
                return $"\\{letter}";
        }
    }
}
