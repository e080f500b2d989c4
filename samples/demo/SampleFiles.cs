using Google.Protobuf;
using YamlDotNet.Serialization;

namespace Mainstay.Demo;

/// <summary>Reads the sample's YAML files, whose fields are those of the contracts.</summary>
internal static class SampleFiles
{
    public static T Read<T>(string name)
        where T : IMessage<T>, new()
    {
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<object>(File.ReadAllText(Path.Combine(Workspace.Sample, name)));
        var json = System.Text.Json.JsonSerializer.Serialize(yaml);
        return new MessageParser<T>(() => new T()).ParseJson(json);
    }
}
