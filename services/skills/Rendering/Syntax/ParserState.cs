using System.Runtime.CompilerServices;

namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>What a parser keeps in mind: how deep it is, which filters are missing, which special names a macro uses.</summary>
internal sealed class ParserState
{
    private const int Deepest = 200;

    private readonly Stack<HashSet<string>> macros = new();
    private readonly List<TemplateException> missing = [];
    private readonly List<TemplateException> certainlyMissing = [];
    private int depth;

    /// <summary>How many filters and tests are missing so far, as a mark for <see cref="Forgive"/> and <see cref="Insist"/>.</summary>
    public int Missing => missing.Count;

    /// <summary>Goes one level deeper.</summary>
    public void Enter(TokenStream stream)
    {
        if (++depth > Deepest || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateException(TemplateErrorKind.Limit, $"the template is nested more than {Deepest} deep", stream.Position);
        }
    }

    public void Leave() => depth--;

    /// <summary>Notes that a filter or test is missing.</summary>
    public void Miss(TemplateException error) => missing.Add(error);

    /// <summary>What is missing since the mark stands under a condition, and is an error only once it is used.</summary>
    public void Forgive(int mark) => missing.RemoveRange(mark, missing.Count - mark);

    /// <summary>What is missing since the mark counts, whatever stands around it.</summary>
    public void Insist(int mark)
    {
        certainlyMissing.AddRange(missing.Skip(mark));
        Forgive(mark);
    }

    /// <summary>Refuses a template with missing filters or tests.</summary>
    public void Finish()
    {
        if (certainlyMissing.Concat(missing).FirstOrDefault() is { } first)
        {
            throw first;
        }
    }

    /// <summary>Begins a macro; the set will hold the names that its body uses of caller, kwargs and varargs.</summary>
    public HashSet<string> BeginMacro()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        macros.Push(used);
        return used;
    }

    public void EndMacro() => macros.Pop();

    public void Use(string name)
    {
        if (name is not ("caller" or "kwargs" or "varargs"))
        {
            return;
        }

        foreach (var macro in macros)
        {
            macro.Add(name);
        }
    }
}
