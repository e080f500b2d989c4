using System.Text.RegularExpressions;

namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>Cuts a template into text and tags, trims the text as the tags say, and hands what is in the tags to <see cref="ExpressionLexer"/>.</summary>
internal sealed partial class Lexer
{
    private readonly TemplateOptions options;
    private readonly List<Token> tokens = [];
    private int position;
    private bool atLineStart = true;

    private Lexer(string source, TemplateOptions options)
    {
        this.options = options;
        Source = Newlines().Replace(source, "\n");
        if (!options.KeepTrailingNewline && Source.EndsWith('\n'))
        {
            Source = Source[..^1];
        }
    }

    /// <summary>The template with its line ends made newlines.</summary>
    private string Source { get; }

    /// <summary>The tokens of a template, and the text that their indexes count in.</summary>
    public static (string Source, IReadOnlyList<Token> Tokens) Read(string source, TemplateOptions options)
    {
        var lexer = new Lexer(source, options);
        while (lexer.ReadNext())
        {
        }

        lexer.tokens.Add(new Token(TokenKind.End, "", lexer.Source.Length));
        return (lexer.Source, lexer.tokens);
    }

    private bool ReadNext()
    {
        var begin = NextTag(position);
        if (begin < 0)
        {
            AddText(position, Source.Length);
            return false;
        }

        var raw = RawBegin().Match(Source, begin);
        var isRaw = raw.Success && raw.Index == begin;
        var sign = begin + 2 < Source.Length && Source[begin + 2] is '-' or '+' ? Source[begin + 2] : ' ';
        AddText(position, TrimmedEnd(position, begin, sign, Source[begin + 1] != '{'));
        if (isRaw)
        {
            ReadRaw(begin, raw.Index + raw.Length);
        }
        else if (Source[begin + 1] == '#')
        {
            SkipComment(begin);
        }
        else
        {
            ReadTag(begin, begin + 2 + (sign == ' ' ? 0 : 1));
        }

        return true;
    }

    private int NextTag(int from)
    {
        for (var at = Source.IndexOf('{', from); at >= 0 && at + 1 < Source.Length; at = Source.IndexOf('{', at + 1))
        {
            if (Source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    private void ReadTag(int begin, int inside)
    {
        var isOutput = Source[begin + 1] == '{';
        tokens.Add(new Token(isOutput ? TokenKind.OutputBegin : TokenKind.BlockBegin, Source[begin..inside], begin));
        var end = ExpressionLexer.Read(Source, inside, isOutput ? "}}" : "%}", tokens);
        tokens.Add(new Token(isOutput ? TokenKind.OutputEnd : TokenKind.BlockEnd, "", end.Index));
        MoveBehind(end.Index + end.Length, end.Sign, !isOutput);
    }

    private void SkipComment(int begin)
    {
        var end = Source.IndexOf("#}", begin + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error("a comment '{#' is not closed by '#}'", begin);
        }

        MoveBehind(end + 2, end > begin + 2 ? Source[end - 1] : ' ', true);
    }

    private void ReadRaw(int begin, int inside)
    {
        var end = RawEnd().Match(Source, inside);
        if (!end.Success)
        {
            throw Error("'raw' is not closed by 'endraw'", begin);
        }

        var sign = end.Groups[1].Value;
        atLineStart = inside > 0 && Source[inside - 1] == '\n';
        AddText(inside, TrimmedEnd(inside, end.Index, sign.Length == 0 ? ' ' : sign[0], true));
        MoveBehind(end.Index + end.Length, end.Groups[2].Value.Length == 0 ? ' ' : end.Groups[2].Value[0], true);
    }

    // Where the text before a tag ends once the tag's sign and lstrip_blocks have had their say.
    private int TrimmedEnd(int from, int end, char sign, bool isBlock)
    {
        if (sign == '-')
        {
            return from + Source.AsSpan(from, end - from).TrimEnd().Length;
        }

        if (sign == '+' || !options.LstripBlocks || !isBlock)
        {
            return end;
        }

        var lineStart = from + Source.AsSpan(from, end - from).LastIndexOf('\n') + 1;
        return (lineStart > from || atLineStart) && Source.AsSpan(lineStart, end - lineStart).IsWhiteSpace() ? lineStart : end;
    }

    private void MoveBehind(int end, char sign, bool isBlock)
    {
        position = end;
        if (sign == '-')
        {
            while (position < Source.Length && char.IsWhiteSpace(Source[position]))
            {
                position++;
            }
        }
        else if (sign != '+' && isBlock && options.TrimBlocks && position < Source.Length && Source[position] == '\n')
        {
            position++;
        }

        atLineStart = Source[position - 1] == '\n';
    }

    private void AddText(int from, int end)
    {
        if (end > from)
        {
            tokens.Add(new Token(TokenKind.Text, Source[from..end], from));
        }
    }

    private TemplateException Error(string reason, int index) => new(TemplateErrorKind.Syntax, reason, SourcePosition.Of(Source, index));

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex Newlines();

    [GeneratedRegex(@"\G\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})")]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"\{%([-+]?)\s*endraw\s*([-+]?)%\}")]
    private static partial Regex RawEnd();
}
