using Mainstay.Skills.Rendering.Nodes;

namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>Reads text, output tags and statements.</summary>
internal sealed class StatementParser
{
    private readonly TokenStream stream;
    private readonly ParserState state = new();
    private readonly ExpressionParser expressions;

    private StatementParser(TokenStream stream)
    {
        this.stream = stream;
        expressions = new ExpressionParser(stream, state);
    }

    /// <summary>Reads a whole template.</summary>
    public static Statement Parse(string source, TemplateOptions options)
    {
        var (text, tokens) = Lexer.Read(source, options);
        var parser = new StatementParser(new TokenStream(text, tokens));
        var body = parser.Body([]);
        parser.state.Finish();
        return body;
    }

    // Up to a tag that is one of the ends, whose name is the current token afterwards.
    private Sequence Body(ReadOnlySpan<string> ends)
    {
        var begin = stream.Position;
        var statements = new List<Statement>();
        state.Enter(stream);
        while (stream.Current.Kind != TokenKind.End)
        {
            var position = stream.Position;
            var token = stream.Next();
            if (token.Kind == TokenKind.Text)
            {
                statements.Add(new TextStatement(token.Text, position));
            }
            else if (token.Kind == TokenKind.OutputBegin)
            {
                var expressionPosition = stream.Position;
                statements.Add(new OutputStatement(expressions.ParseTuple(), expressionPosition));
                stream.Expect(TokenKind.OutputEnd, "'}}'");
            }
            else if (stream.Current.Kind == TokenKind.Name && ends.Contains(stream.Current.Text))
            {
                state.Leave();
                return new Sequence(statements, begin);
            }
            else
            {
                statements.Add(ParseStatement(position));
                stream.Expect(TokenKind.BlockEnd, "'%}'");
            }
        }

        state.Leave();
        return ends.Length == 0 ? new Sequence(statements, begin) : throw stream.Error($"'{ends[^1]}' is missing");
    }

    // The body of a statement: the tag's end, what follows, and the tag that ends it, whose name is returned.
    private (Sequence Body, string End) Block(params ReadOnlySpan<string> ends)
    {
        stream.Skip(":");
        stream.Expect(TokenKind.BlockEnd, "'%}'");
        var body = Body(ends);
        return (body, stream.Next().Text);
    }

    // A body that a missing filter makes invalid even where the statement stands under a condition.
    private (Sequence Body, string End) InnerBlock(params ReadOnlySpan<string> ends)
    {
        var mark = state.Missing;
        var block = Block(ends);
        state.Insist(mark);
        return block;
    }

    private Statement ParseStatement(SourcePosition position)
    {
        var tag = stream.Expect(TokenKind.Name, "the name of a tag");
        return tag.Text switch
        {
            "if" => If(position),
            "for" => For(position),
            "set" => Set(position),
            "with" => With(position),
            "macro" => Macro(position),
            "call" => CallBlock(position),
            "filter" => new FilterBlock(expressions.ParseFilters(startsInline: true)!, InnerBlock("endfilter").Body, position),
            "print" => Print(position),
            _ => throw stream.Error($"there is no tag '{tag.Text}' here", tag),
        };
    }

    private IfStatement If(SourcePosition position)
    {
        var mark = state.Missing;
        var branches = new List<(Expression, Statement)>();
        string end;
        do
        {
            var condition = expressions.ParseTuple(withConditional: false);
            (var body, end) = Block("elif", "else", "endif");
            branches.Add((condition, body));
        }
        while (end == "elif");

        var otherwise = end == "else" ? Block("endif").Body : null;
        state.Forgive(mark);
        return new IfStatement(branches, otherwise, position);
    }

    private ForStatement For(SourcePosition position)
    {
        var target = expressions.ParseTarget(withNamespace: false, endName: "in");
        stream.ExpectName("in");
        var sequence = expressions.ParseTuple(withConditional: false, endName: "recursive");
        var condition = stream.SkipName("if") ? expressions.Parse() : null;
        var isRecursive = stream.SkipName("recursive");
        var (body, end) = InnerBlock("else", "endfor");
        var otherwise = end == "else" ? InnerBlock("endfor").Body : null;
        return new ForStatement(target, sequence, condition, isRecursive, body, otherwise, position);
    }

    private Statement Set(SourcePosition position)
    {
        var target = expressions.ParseTarget(withNamespace: true);
        return stream.Skip("=")
            ? new SetStatement(target, expressions.ParseTuple(), position)
            : new SetBlock(target, expressions.ParseFilters(startsInline: false), InnerBlock("endset").Body, position);
    }

    private WithStatement With(SourcePosition position)
    {
        var assignments = new List<(Expression, Expression)>();
        while (stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
            {
                stream.Expect(",");
            }

            var target = expressions.ParseTarget(withNamespace: false);
            stream.Expect("=");
            assignments.Add((target, expressions.Parse()));
        }

        return new WithStatement(assignments, InnerBlock("endwith").Body, position);
    }

    private MacroStatement Macro(SourcePosition position)
    {
        var name = expressions.ParseNewName();
        var used = state.BeginMacro();
        var parameters = Parameters();
        var body = InnerBlock("endmacro").Body;
        state.EndMacro();
        return new MacroStatement(name, Signature(parameters, used), body, position);
    }

    private CallBlock CallBlock(SourcePosition position)
    {
        var parameters = stream.Current.IsOperator("(") ? Parameters() : [];
        var call = expressions.Parse() as Call ?? throw stream.Error("a call block needs a call of a macro");
        var used = state.BeginMacro();
        var body = InnerBlock("endcall").Body;
        state.EndMacro();
        return new CallBlock(Signature(parameters, used), call, body, position);
    }

    private static MacroSignature Signature(IReadOnlyList<(string, Expression?)> parameters, HashSet<string> used) =>
        new(parameters, used.Contains("caller"), used.Contains("kwargs"), used.Contains("varargs"));

    private List<(string Name, Expression? Default)> Parameters()
    {
        var parameters = new List<(string, Expression? Default)>();
        stream.Expect("(");
        while (!stream.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
            {
                stream.Expect(",");
            }

            var name = expressions.ParseNewName();
            var otherwise = stream.Skip("=") ? expressions.Parse() : null;
            if (otherwise is null && parameters.Count > 0 && parameters[^1].Default is not null)
            {
                throw stream.Error($"the parameter '{name}' stands behind one with a default, so it needs one too");
            }

            parameters.Add((name, otherwise));
        }

        stream.Next();
        return parameters;
    }

    private Sequence Print(SourcePosition position)
    {
        var outputs = new List<Statement>();
        while (stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (outputs.Count > 0)
            {
                stream.Expect(",");
            }

            outputs.Add(new OutputStatement(expressions.Parse(), position));
        }

        return new Sequence(outputs, position);
    }
}
