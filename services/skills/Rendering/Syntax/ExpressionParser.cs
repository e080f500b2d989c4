using Mainstay.Skills.Rendering.Filters;
using Mainstay.Skills.Rendering.Nodes;
using Mainstay.Skills.Rendering.Predicates;

namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>Reads expressions, with Jinja2's own precedence: filters bind tightest, then signs, powers, products, '~', sums, comparisons.</summary>
internal sealed class ExpressionParser
{
    private readonly TokenStream stream;
    private readonly ParserState state;
    private readonly PrimaryParser primaries;

    public ExpressionParser(TokenStream stream, ParserState state)
    {
        (this.stream, this.state) = (stream, state);
        primaries = new PrimaryParser(this, stream, state);
    }

    /// <summary>An expression; an inline 'if' may be left to the statement around it.</summary>
    public Expression Parse(bool withConditional = true)
    {
        state.Enter(stream);
        var expression = withConditional ? Conditional() : Or();
        state.Leave();
        return expression;
    }

    /// <summary>An expression, or a tuple without parentheses.</summary>
    public Expression ParseTuple(bool withConditional = true, bool isParenthesized = false, string? endName = null)
    {
        var position = stream.Position;
        var items = new List<Expression>();
        var isTuple = false;
        while (!IsTupleEnd(endName))
        {
            items.Add(Parse(withConditional));
            if (!stream.Skip(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple || (items.Count == 0 && isParenthesized) ? new TupleLiteral(items, position)
            : items.Count == 1 ? items[0]
            : throw stream.Unexpected("an expression");
    }

    /// <summary>The target of an assignment: a name, an attribute of a namespace, or a tuple of them.</summary>
    public Expression ParseTarget(bool withNamespace, string? endName = null)
    {
        var position = stream.Position;
        var items = new List<Expression>();
        var isTuple = false;
        while (!IsTupleEnd(endName))
        {
            items.Add(SingleTarget(withNamespace));
            if (!stream.Skip(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple ? new TupleLiteral(items, position) : items.Count == 1 ? items[0] : throw stream.Unexpected("a name");
    }

    /// <summary>The name that a statement gives.</summary>
    public string ParseNewName()
    {
        var token = stream.Expect(TokenKind.Name, "a name");
        return token.Text is "true" or "false" or "none" or "True" or "False" or "None" ? throw stream.Error($"'{token.Text}' cannot be assigned to", token) : token.Text;
    }

    /// <summary>The arguments of a call, parentheses included.</summary>
    public ArgumentList ParseArguments() => primaries.Arguments();

    /// <summary>A chain of filters for the text of a block; null when there is none.</summary>
    public FilterCall? ParseFilters(bool startsInline)
    {
        FilterCall? chain = null;
        while (startsInline || stream.Skip("|"))
        {
            chain = Filter(chain);
            startsInline = false;
        }

        return chain;
    }

    /// <summary>A sign or a plain value, with what follows it.</summary>
    internal Expression Unary(bool withFilters = true)
    {
        state.Enter(stream);
        var position = stream.Position;
        Expression value;
        if (stream.Current.IsOperator("-") || stream.Current.IsOperator("+"))
        {
            var isNegative = stream.Next().Text == "-";
            value = new Signed(isNegative, Unary(withFilters: false), position);
        }
        else
        {
            value = primaries.Primary();
        }

        value = primaries.Postfix(value);
        state.Leave();
        return withFilters ? FiltersAndTests(value) : value;
    }

    private Expression SingleTarget(bool withNamespace)
    {
        var position = stream.Position;
        if (stream.Skip("("))
        {
            var inner = ParseTarget(withNamespace: false, endName: null);
            stream.Expect(")");
            return inner;
        }

        var name = ParseNewName();
        if (withNamespace && stream.Skip("."))
        {
            state.Use(name);
            return new NamespaceTarget(name, stream.Expect(TokenKind.Name, "a name").Text, position);
        }

        return new Name(name, position);
    }

    private bool IsTupleEnd(string? endName) =>
        stream.Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd || stream.Current.IsOperator(")") || (endName is not null && stream.Current.IsName(endName));

    private Expression Conditional()
    {
        var position = stream.Position;
        var mark = state.Missing;
        var value = Or();
        while (stream.SkipName("if"))
        {
            var condition = Or();
            var otherwise = stream.SkipName("else") ? Parse() : null;
            value = new Conditional(condition, value, otherwise, position);
            state.Forgive(mark);
        }

        return value;
    }

    private Expression Or()
    {
        var position = stream.Position;
        var left = And();
        while (stream.SkipName("or"))
        {
            left = new Connective(isAnd: false, left, And(), position);
        }

        return left;
    }

    private Expression And()
    {
        var position = stream.Position;
        var left = Not();
        while (stream.SkipName("and"))
        {
            left = new Connective(isAnd: true, left, Not(), position);
        }

        return left;
    }

    private Expression Not()
    {
        var position = stream.Position;
        if (!stream.SkipName("not"))
        {
            return Compare();
        }

        state.Enter(stream);
        var value = new Negation(Not(), position);
        state.Leave();
        return value;
    }

    private Expression Compare()
    {
        var position = stream.Position;
        var first = Sum();
        var chain = new List<(string, Expression)>();
        while (ComparisonSign() is { } sign)
        {
            chain.Add((sign, Sum()));
        }

        return chain.Count == 0 ? first : new Comparison(first, chain, position);
    }

    private string? ComparisonSign()
    {
        if (stream.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
        {
            return stream.Next().Text;
        }

        if (stream.Current.IsName("not") && stream.Following.IsName("in"))
        {
            stream.Next();
            stream.Next();
            return "not in";
        }

        return stream.SkipName("in") ? "in" : null;
    }

    private Expression Sum() => LeftToRight(Concatenation, "+", "-");

    private Expression Concatenation()
    {
        var position = stream.Position;
        var parts = new List<Expression> { Product() };
        while (stream.Skip("~"))
        {
            parts.Add(Product());
        }

        return parts.Count == 1 ? parts[0] : new Concatenation(parts, position);
    }

    private Expression Product() => LeftToRight(Power, "*", "/", "//", "%");

    private Expression Power() => LeftToRight(() => Unary(), "**");

    private Expression LeftToRight(Func<Expression> operand, params ReadOnlySpan<string> signs)
    {
        var left = operand();
        while (stream.Current.Kind == TokenKind.Operator && signs.Contains(stream.Current.Text))
        {
            var position = stream.Position;
            left = new Arithmetic(stream.Next().Text, left, operand(), position);
        }

        return left;
    }

    private Expression FiltersAndTests(Expression value)
    {
        while (true)
        {
            if (stream.Skip("|"))
            {
                value = Filter(value);
            }
            else if (stream.SkipName("is"))
            {
                value = Test(value);
            }
            else if (stream.Current.IsOperator("("))
            {
                var position = stream.Position;
                value = new Call(value, primaries.Arguments(), position);
            }
            else
            {
                return value;
            }
        }
    }

    private FilterCall Filter(Expression? value)
    {
        var position = stream.Position;
        var name = DottedName();
        var arguments = stream.Current.IsOperator("(") ? primaries.Arguments() : ArgumentList.Empty;
        if (!FilterTable.Has(name))
        {
            state.Miss(FilterTable.Unknown(name).At(position));
        }

        return new FilterCall(value, name, arguments, position);
    }

    private Expression Test(Expression value)
    {
        var isNegated = stream.SkipName("not");
        var position = stream.Position;
        var name = DottedName();
        var arguments = stream.Current.IsOperator("(") ? primaries.Arguments() : TestArgument();
        if (!PredicateTable.Has(name))
        {
            state.Miss(PredicateTable.Unknown(name).At(position));
        }

        var test = new TestCall(value, name, arguments, position);
        return isNegated ? new Negation(test, position) : test;
    }

    // The one argument that a test may take without parentheses.
    private ArgumentList TestArgument()
    {
        var token = stream.Current;
        var isArgument = token.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float || token.IsOperator("[") || token.IsOperator("{");
        if (!isArgument || token.IsName("else") || token.IsName("or") || token.IsName("and"))
        {
            return ArgumentList.Empty;
        }

        return token.IsName("is")
            ? throw stream.Error("tests cannot be chained with 'is'")
            : new ArgumentList([primaries.Postfix(primaries.Primary())], [], null, null);
    }

    private string DottedName()
    {
        var name = stream.Expect(TokenKind.Name, "a name").Text;
        while (stream.Skip("."))
        {
            name += "." + stream.Expect(TokenKind.Name, "a name").Text;
        }

        return name;
    }
}
