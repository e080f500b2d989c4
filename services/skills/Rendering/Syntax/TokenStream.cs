namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>The tokens of a template, one after the other.</summary>
internal sealed class TokenStream(string source, IReadOnlyList<Token> tokens)
{
    private int index;

    public Token Current => tokens[index];

    public Token Following => tokens[Math.Min(index + 1, tokens.Count - 1)];

    public SourcePosition Position => PositionOf(Current);

    public Token Next()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
        {
            index++;
        }

        return token;
    }

    public bool Skip(string @operator) => SkipWhen(Current.IsOperator(@operator));

    public bool SkipName(string name) => SkipWhen(Current.IsName(name));

    public Token Expect(TokenKind kind, string expected) => Current.Kind == kind ? Next() : throw Unexpected(expected);

    public void Expect(string @operator)
    {
        if (!Skip(@operator))
        {
            throw Unexpected($"'{@operator}'");
        }
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name))
        {
            throw Unexpected($"'{name}'");
        }
    }

    public TemplateException Unexpected(string expected) => Error($"{Current.Description} stands where {expected} is expected");

    public TemplateException Error(string reason) => Error(reason, Current);

    public TemplateException Error(string reason, Token at) => new(TemplateErrorKind.Syntax, reason, PositionOf(at));

    public SourcePosition PositionOf(Token token) => SourcePosition.Of(source, token.Index);

    private bool SkipWhen(bool matches)
    {
        if (matches)
        {
            Next();
        }

        return matches;
    }
}
