using System.Globalization;
using System.Text.RegularExpressions;

namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>Cuts what stands in a tag into names, literals and operators.</summary>
internal static partial class ExpressionLexer
{
    /// <summary>Where a tag ended: the index of its end, how long that is, and the sign before it.</summary>
    internal readonly record struct TagEnd(int Index, int Length, char Sign);

    // Longest first, so that '//' is not read as two '/'.
    private static readonly string[] Operators =
    [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    /// <summary>Reads up to the tag's end, which counts only where all brackets are closed.</summary>
    public static TagEnd Read(string source, int position, string end, List<Token> tokens)
    {
        var open = new Stack<char>();
        var begin = position;
        while (true)
        {
            while (position < source.Length && char.IsWhiteSpace(source[position]))
            {
                position++;
            }

            if (position >= source.Length)
            {
                throw Error(source, begin, $"the tag is not closed by '{end}'");
            }

            if (open.Count == 0 && EndAt(source, position, end) is { } found)
            {
                return found;
            }

            var token = ReadOne(source, position);
            if (token.Token.Kind == TokenKind.Operator)
            {
                Balance(source, position, token.Token.Text[0], open);
            }

            tokens.Add(token.Token);
            position += token.Length;
        }
    }

    private static TagEnd? EndAt(string source, int position, string end)
    {
        if (string.CompareOrdinal(source, position, end, 0, 2) == 0)
        {
            return new TagEnd(position, 2, ' ');
        }

        var sign = source[position];
        var isSign = sign == '-' || (sign == '+' && end == "%}");
        return isSign && string.CompareOrdinal(source, position + 1, end, 0, 2) == 0 ? new TagEnd(position, 3, sign) : null;
    }

    private static void Balance(string source, int position, char bracket, Stack<char> open)
    {
        if (bracket is '(' or '[' or '{')
        {
            open.Push(bracket == '(' ? ')' : bracket == '[' ? ']' : '}');
        }
        else if (bracket is ')' or ']' or '}' && (!open.TryPop(out var expected) || expected != bracket))
        {
            throw Error(source, position, expected == default ? $"'{bracket}' closes nothing" : $"'{bracket}' stands where '{expected}' is expected");
        }
    }

    private static (Token Token, int Length) ReadOne(string source, int position)
    {
        if (Float().Match(source, position) is { Success: true } real)
        {
            var value = double.Parse(real.Value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
            return (new Token(TokenKind.Float, real.Value, position, value), real.Length);
        }

        if (Integer().Match(source, position) is { Success: true } whole)
        {
            return (new Token(TokenKind.Integer, whole.Value, position, WholeNumber(source, position, whole.Value)), whole.Length);
        }

        if (Name().Match(source, position) is { Success: true } name)
        {
            return (new Token(TokenKind.Name, name.Value, position), name.Length);
        }

        if (source[position] is '\'' or '"')
        {
            var length = StringLiteral.Length(source, position);
            return (new Token(TokenKind.String, StringLiteral.Unescape(source, position + 1, length - 2), position), length);
        }

        foreach (var text in Operators)
        {
            if (string.CompareOrdinal(source, position, text, 0, text.Length) == 0)
            {
                return (new Token(TokenKind.Operator, text, position), text.Length);
            }
        }

        throw Error(source, position, $"'{source[position]}' has no meaning here");
    }

    private static long WholeNumber(string source, int position, string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        try
        {
            return digits.Length > 1 && char.ToLowerInvariant(digits[1]) is var prefix and ('x' or 'o' or 'b')
                ? Convert.ToInt64(digits[2..], prefix == 'x' ? 16 : prefix == 'o' ? 8 : 2)
                : long.Parse(digits, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            throw new TemplateException(TemplateErrorKind.Limit, "a whole number is beyond 64 bits", SourcePosition.Of(source, position));
        }
    }

    private static TemplateException Error(string source, int position, string reason) =>
        new(TemplateErrorKind.Syntax, reason, SourcePosition.Of(source, position));

    [GeneratedRegex(@"\G(?<!\.)(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?[eE][+-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)")]
    private static partial Regex Float();

    [GeneratedRegex(@"\G(?:0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*)")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\G[\p{L}_\p{Nl}][\w]*")]
    private static partial Regex Name();
}
