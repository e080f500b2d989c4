using Mainstay.Llm.V1;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Reads scripts; a mistake is found here, not in the middle of a play.</summary>
internal static class ScriptFile
{
    private static readonly Dictionary<string, Role> Roles = new(StringComparer.Ordinal)
    {
        ["system"] = Role.System,
        ["user"] = Role.User,
        ["assistant"] = Role.Assistant,
        ["tool"] = Role.Tool,
    };

    private static readonly Dictionary<string, bool> Takes = new(StringComparer.Ordinal) { ["oldest"] = false, ["newest"] = true };

    /// <summary>Reads a file; refuses with the file, the line and the key.</summary>
    public static RehearsalScript Read(string file)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StreamReader(file);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            throw new ScriptException($"{file}({exception.Start.Line},{exception.Start.Column}): not valid YAML: {exception.InnerException?.Message ?? exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // What the parser throws for some texts that are no YAML.
            throw new ScriptException($"{file}: not valid YAML");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException($"{file}: {exception.Message}");
        }

        return stream.Documents is [var document]
            ? Script(new ScriptNode(file, "", document.RootNode))
            : throw new ScriptException($"{file}(1,1): must hold one YAML document, and holds {stream.Documents.Count}");
    }

    private static RehearsalScript Script(ScriptNode node)
    {
        var members = node.Members("captures", "turns");
        var captures = members.TryGetValue("captures", out var named) ? named.Members().Select(member => Capture(member.Key, member.Value)).ToList() : [];
        var names = captures.Select(capture => capture.Name).Concat(ScriptVariables.BuiltIn).ToHashSet(StringComparer.Ordinal);
        if (!members.TryGetValue("turns", out var list) || list.Items() is not { Count: > 0 } turns)
        {
            throw node.Refuse("must have at least one entry in 'turns'");
        }

        return new RehearsalScript(node.File, captures, [.. turns.Select((turn, index) => ScriptTurnReader.Read(turn, index, names))]);
    }

    private static ScriptCapture Capture(string name, ScriptNode node)
    {
        if (ScriptVariables.BuiltIn.Contains(name))
        {
            throw node.Refuse("is a name that every script has already");
        }

        if (node.Node is YamlScalarNode)
        {
            return new ScriptCapture(name, node.Pattern(), null, FromNewest: false);
        }

        var members = node.Members("pattern", "role", "take");
        return new ScriptCapture(
            name,
            members.TryGetValue("pattern", out var pattern) ? pattern.Pattern() : throw node.Refuse("must have a 'pattern'"),
            members.TryGetValue("role", out var role) ? role.Choice(Roles) : null,
            members.TryGetValue("take", out var take) && take.Choice(Takes));
    }

    /// <summary>When a turn is played.</summary>
    public static TurnCondition Condition(ScriptNode node)
    {
        var members = node.Members("assistant_messages", "last_role", "last_contains", "last_matches", "last_tool", "last_tool_failed");
        return new TurnCondition
        {
            AssistantMessages = members.GetValueOrDefault("assistant_messages")?.Number(0, int.MaxValue),
            LastRole = members.TryGetValue("last_role", out var role) ? role.Choice(Roles) : null,
            LastContains = members.GetValueOrDefault("last_contains")?.Text(),
            LastMatches = members.GetValueOrDefault("last_matches")?.Pattern(),
            LastTool = members.GetValueOrDefault("last_tool")?.Text(),
            LastToolFailed = members.GetValueOrDefault("last_tool_failed")?.Flag(),
        };
    }
}
