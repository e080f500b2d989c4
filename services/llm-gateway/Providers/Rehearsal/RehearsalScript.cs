using Mainstay.Llm.V1;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>A script: turns, of which the first that fits a conversation is played.</summary>
internal sealed class RehearsalScript(IReadOnlyList<RehearsalTurn> turns)
{
    /// <summary>Reads a script, or says with file, line and key what is wrong with it.</summary>
    public static RehearsalScript Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new RehearsalScriptException($"{Path.GetFullPath(path)} is not there.");
        }

        try
        {
            using var text = File.OpenText(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            return Read(path, yaml);
        }
        catch (YamlException e)
        {
            throw new RehearsalScriptException($"{path}, line {e.Start.Line}: {e.Message}");
        }
    }

    /// <summary>The turn for a conversation; null when there is none.</summary>
    public RehearsalTurn? Find(CompletionInput input) => turns.FirstOrDefault(turn => turn.Fits(input));

    private static RehearsalScript Read(string path, YamlStream yaml)
    {
        if (yaml.Documents.Count == 0)
        {
            throw new RehearsalScriptException($"{path} is empty; it needs 'turns'.");
        }

        var root = new RehearsalNode(path, "", yaml.Documents[0].RootNode);
        root.AllowOnly("turns");
        return new RehearsalScript([.. root.Required("turns").Items().Select(RehearsalTurnReader.Read)]);
    }
}

/// <summary>A script cannot be played; the message is for whoever wrote it.</summary>
internal sealed class RehearsalScriptException(string message) : Exception(message);
