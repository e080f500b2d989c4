using System.Globalization;

namespace Mainstay.TemporalServer.Visibility;

/// <summary>What a piece of a query is.</summary>
internal enum TokenKind
{
    /// <summary>A name or a keyword.</summary>
    Word,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An operator, a bracket or a comma.</summary>
    Symbol,

    /// <summary>Nothing more.</summary>
    End,
}

/// <summary>A piece of a query and where it begins.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    /// <summary>Tells whether this is the keyword, in any case.</summary>
    public bool Is(string keyword) => Kind is TokenKind.Word or TokenKind.Symbol && string.Equals(Text, keyword, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts a visibility query into its pieces.</summary>
internal static class QueryTokens
{
    private static readonly string[] Symbols = ["!=", "<>", ">=", "<=", "=", ">", "<", "(", ")", ","];

    /// <summary>The pieces, with an end after the last.</summary>
    public static IEnumerable<Token> Read(string query)
    {
        var at = 0;
        while (true)
        {
            while (at < query.Length && char.IsWhiteSpace(query[at]))
            {
                at++;
            }

            if (at == query.Length)
            {
                yield return new Token(TokenKind.End, "", at + 1);
                yield break;
            }

            var token = Next(query, ref at);
            yield return token;
        }
    }

    private static Token Next(string query, ref int at)
    {
        var begin = at;
        var first = query[at];
        if (first is '\'' or '"' or '`')
        {
            var text = Quoted(query, ref at);
            return new Token(first == '`' ? TokenKind.Word : TokenKind.Text, text, begin + 1);
        }

        if (Array.Find(Symbols, s => query.AsSpan(begin).StartsWith(s)) is { } symbol)
        {
            at += symbol.Length;
            return new Token(TokenKind.Symbol, symbol, begin + 1);
        }

        while (at < query.Length && (char.IsLetterOrDigit(query[at]) || query[at] is '_' or '.' or '-' or '+'))
        {
            at++;
        }

        if (at == begin)
        {
            throw QueryException.Syntax(begin + 1);
        }

        var word = query[begin..at];
        return new Token(double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? TokenKind.Number : TokenKind.Word, word, begin + 1);
    }

    // A quote within is doubled, or comes after a backslash.
    private static string Quoted(string query, ref int at)
    {
        var (quote, begin, text) = (query[at], at, new System.Text.StringBuilder());
        for (at++; at < query.Length; at++)
        {
            var doubled = at + 1 < query.Length && query[at] == quote && query[at + 1] == quote;
            if (doubled || (query[at] == '\\' && at + 1 < query.Length))
            {
                text.Append(query[++at]);
            }
            else if (query[at] == quote)
            {
                at++;
                return text.ToString();
            }
            else
            {
                text.Append(query[at]);
            }
        }

        throw QueryException.Syntax(begin + 1);
    }
}

/// <summary>A query that is refused, with the reason for its author.</summary>
internal sealed class QueryException(string message) : Exception($"invalid query: {message}")
{
    /// <summary>A query that does not follow the grammar.</summary>
    public static QueryException Syntax(int position) => new($"malformed SQL query: syntax error at position {position}");

    /// <summary>A condition that makes no sense.</summary>
    public static QueryException Expression(string what) => new($"invalid expression: {what}");

    /// <summary>A part of SQL that queries do not have.</summary>
    public static QueryException Unsupported(string what) => new($"operation is not supported: {what}");
}
