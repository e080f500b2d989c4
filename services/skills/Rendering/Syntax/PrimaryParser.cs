using Mainstay.Skills.Rendering.Nodes;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>Reads names, literals and what may follow them directly: attributes, items and calls.</summary>
internal sealed class PrimaryParser(ExpressionParser expressions, TokenStream stream, ParserState state)
{
    public Expression Primary()
    {
        var position = stream.Position;
        var token = stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Next();
                return NameOrConstant(token, position);
            case TokenKind.Integer or TokenKind.Float:
                return new Literal(stream.Next().Number!, position);
            case TokenKind.String:
                return Text(position);
            case TokenKind.Operator when token.Text == "(":
                stream.Next();
                var inner = expressions.ParseTuple(isParenthesized: true);
                stream.Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                stream.Next();
                return new ListLiteral(Items("]", () => expressions.Parse()), position);
            case TokenKind.Operator when token.Text == "{":
                stream.Next();
                return new DictLiteral(Items("}", Entry), position);
            default:
                throw stream.Unexpected("an expression");
        }
    }

    public Expression Postfix(Expression value)
    {
        while (true)
        {
            var position = stream.Position;
            if (stream.Skip("."))
            {
                value = stream.Current.Kind == TokenKind.Integer
                    ? new ItemAccess(value, new Literal(stream.Next().Number!, position), position)
                    : new AttributeAccess(value, stream.Expect(TokenKind.Name, "a name or a number").Text, position);
            }
            else if (stream.Skip("["))
            {
                value = Subscript(value, position);
            }
            else if (stream.Current.IsOperator("("))
            {
                value = new Call(value, Arguments(), position);
            }
            else
            {
                return value;
            }
        }
    }

    public ArgumentList Arguments()
    {
        stream.Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? spread = null;
        Expression? namedSpread = null;
        while (!stream.Current.IsOperator(")"))
        {
            if (namedSpread is null && stream.Skip("**"))
            {
                namedSpread = expressions.Parse();
            }
            else if (spread is null && namedSpread is null && stream.Skip("*"))
            {
                spread = expressions.Parse();
            }
            else if (namedSpread is null && stream.Current.Kind == TokenKind.Name && stream.Following.IsOperator("="))
            {
                var name = stream.Next().Text;
                stream.Next();
                named.Add((name, expressions.Parse()));
            }
            else if (spread is null && namedSpread is null && named.Count == 0)
            {
                positional.Add(expressions.Parse());
            }
            else
            {
                throw stream.Error("an argument stands behind those that must come last");
            }

            if (!stream.Current.IsOperator(")"))
            {
                stream.Expect(",");
            }
        }

        stream.Next();
        return new ArgumentList(positional, named, spread, namedSpread);
    }

    private Expression NameOrConstant(Token token, SourcePosition position)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Literal(true, position);
            case "false" or "False":
                return new Literal(false, position);
            case "none" or "None":
                return new Literal(None.Value, position);
            default:
                state.Use(token.Text);
                return new Name(token.Text, position);
        }
    }

    // Strings one after the other are one string.
    private Literal Text(SourcePosition position)
    {
        var text = stream.Next().Text;
        while (stream.Current.Kind == TokenKind.String)
        {
            text += stream.Next().Text;
        }

        return new Literal(text, position);
    }

    private List<T> Items<T>(string end, Func<T> item)
    {
        var items = new List<T>();
        while (!stream.Current.IsOperator(end))
        {
            items.Add(item());
            if (!stream.Current.IsOperator(end))
            {
                stream.Expect(",");
            }
        }

        stream.Next();
        return items;
    }

    private (Expression Key, Expression Value) Entry()
    {
        var key = expressions.Parse();
        stream.Expect(":");
        return (key, expressions.Parse());
    }

    private Expression Subscript(Expression value, SourcePosition position)
    {
        var start = stream.Current.IsOperator(":") ? null : expressions.Parse();
        if (!stream.Current.IsOperator(":"))
        {
            return new ItemAccess(value, Keys(start!, position), position);
        }

        stream.Next();
        var stop = IsBound() ? expressions.Parse() : null;
        var step = stream.Skip(":") && IsBound() ? expressions.Parse() : null;
        stream.Expect("]");
        return new SliceAccess(value, start, stop, step, position);
    }

    // Several keys are one key: a tuple.
    private Expression Keys(Expression first, SourcePosition position)
    {
        if (stream.Skip("]"))
        {
            return first;
        }

        stream.Expect(",");
        return new TupleLiteral([first, .. Items("]", () => expressions.Parse())], position);
    }

    private bool IsBound() => !stream.Current.IsOperator("]") && !stream.Current.IsOperator(":");
}
