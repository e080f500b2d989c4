namespace Mainstay.TemporalServer.Visibility;

/// <summary>Reads the visibility query language: comparisons of attributes, joined by AND, OR and NOT.</summary>
internal sealed class QueryParser
{
    private readonly List<Token> tokens;
    private int at;

    private QueryParser(string query) => tokens = [.. QueryTokens.Read(query)];

    private Token Current => tokens[at];

    /// <summary>Parses a query; an empty one has no condition.</summary>
    public static VisibilityQuery Parse(string query)
    {
        var parser = new QueryParser(query);
        var where = parser.Current.Kind == TokenKind.End || parser.Current.Is("GROUP") || parser.Current.Is("ORDER") ? null : parser.Any();
        var groupBy = parser.Take("GROUP") ? parser.GroupBy() : null;
        if (parser.Take("ORDER"))
        {
            throw QueryException.Unsupported("'ORDER BY' clause");
        }

        return parser.Current.Kind == TokenKind.End ? new VisibilityQuery(where, groupBy) : throw QueryException.Syntax(parser.Current.Position);
    }

    private string GroupBy()
    {
        Expect("BY");
        var name = Name();
        return name == "ExecutionStatus" && !Current.Is(",") ? name : throw QueryException.Unsupported("'GROUP BY' clause is only supported for ExecutionStatus");
    }

    private Condition Any()
    {
        var condition = All();
        while (Take("OR"))
        {
            condition = new Condition.Or(condition, All());
        }

        return condition;
    }

    private Condition All()
    {
        var condition = One();
        while (Take("AND"))
        {
            condition = new Condition.And(condition, One());
        }

        return condition;
    }

    private Condition One()
    {
        if (Take("NOT"))
        {
            return new Condition.Not(One());
        }

        if (!Take("("))
        {
            return Comparison();
        }

        var condition = Any();
        Expect(")");
        return condition;
    }

    private Condition Comparison()
    {
        var name = Name();
        if (Take("IS"))
        {
            var set = Take("NOT");
            Expect("NULL");
            return new Condition.IsNull(name, set);
        }

        var negated = Take("NOT");
        if (Take("IN"))
        {
            return new Condition.In(name, Values(), negated);
        }

        if (Take("BETWEEN"))
        {
            var low = Value();
            Expect("AND");
            return new Condition.Between(name, low, Value(), negated);
        }

        if (Take("STARTS_WITH"))
        {
            return new Condition.StartsWith(name, Value(), negated);
        }

        var comparison = Current;
        if (negated || comparison.Kind == TokenKind.End)
        {
            throw QueryException.Syntax(comparison.Position);
        }

        at++;
        return comparison.Text is "=" or "!=" or "<>" or ">" or ">=" or "<" or "<="
            ? new Condition.Compare(name, comparison.Text, Value())
            : throw QueryException.Expression($"invalid operator '{comparison.Text.ToLowerInvariant()}'");
    }

    private List<Token> Values()
    {
        Expect("(");
        var values = new List<Token> { Value() };
        while (Take(","))
        {
            values.Add(Value());
        }

        Expect(")");
        return values;
    }

    private Token Value()
    {
        var value = Current;
        if (value.Kind is TokenKind.Text or TokenKind.Number || value.Is("true") || value.Is("false"))
        {
            at++;
            return value;
        }

        throw QueryException.Syntax(value.Position);
    }

    private string Name()
    {
        var name = Current;
        if (name.Kind != TokenKind.Word)
        {
            throw QueryException.Syntax(name.Position);
        }

        at++;
        return name.Text;
    }

    private bool Take(string keyword)
    {
        if (!Current.Is(keyword))
        {
            return false;
        }

        at++;
        return true;
    }

    private void Expect(string keyword)
    {
        if (!Take(keyword))
        {
            throw QueryException.Syntax(Current.Position);
        }
    }
}
