namespace Mainstay.Skills.Rendering.Syntax;

internal enum TokenKind
{
    Text,
    OutputBegin,
    OutputEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>One word of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The characters; a string's are unescaped.</param>
/// <param name="Index">Where it begins.</param>
/// <param name="Number">An integer's or float's value.</param>
internal sealed record Token(TokenKind Kind, string Text, int Index, object? Number = null)
{
    public bool IsOperator(string text) => Kind == TokenKind.Operator && Text == text;

    public bool IsName(string text) => Kind == TokenKind.Name && Text == text;

    /// <summary>The token as an error names it.</summary>
    public string Description => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.OutputEnd => "'}}'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.Text => "text",
        _ => $"'{Text}'",
    };
}
