using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Archives;

/// <summary>Reads a version from the files of its folder.</summary>
internal static class SkillFolder
{
    public const string Document = "SKILL.md";
    public const string UserTemplate = "templates/user.j2";
    public const string OutputSchema = "schemas/output.json";
    public const string VariablesSchema = "schemas/variables.json";
    public const string Changelog = "CHANGELOG.md";
    public const string Examples = "examples/";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The version that the files hold; refuses a file that is none of a skill's.</summary>
    public static Skill Read(IReadOnlyDictionary<string, byte[]> files)
    {
        if (!files.ContainsKey(Document))
        {
            throw SkillErrors.ArchiveInvalid($"archive/{Document}", "is missing");
        }

        var (head, body) = FrontMatter.Parse(Text(files, Document));
        var skill = Header(head);
        head.RequireNothingElse();
        skill.PromptTemplate = body;
        foreach (var path in files.Keys.Order(StringComparer.Ordinal))
        {
            Add(skill, path, files);
        }

        return skill;
    }

    private static void Add(Skill skill, string path, IReadOnlyDictionary<string, byte[]> files)
    {
        switch (path)
        {
            case Document:
                break;
            case UserTemplate:
                skill.UserTemplate = Text(files, path);
                break;
            case Changelog:
                skill.Changelog = Text(files, path);
                break;
            case OutputSchema:
                skill.OutputSchema = Json(files, path, Struct.Parser);
                break;
            case VariablesSchema:
                skill.VariablesSchema = Json(files, path, Struct.Parser);
                break;
            case var _ when path.StartsWith(Examples, StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal):
                skill.Examples.Add(Example(files, path));
                break;
            default:
                throw SkillErrors.ArchiveInvalid(
                    $"archive/{path}", $"is no part of a skill, which has {Document}, {UserTemplate}, {OutputSchema}, {VariablesSchema}, {Changelog} and {Examples}*.json");
        }
    }

    private static Skill Header(FrontMatter head)
    {
        var skill = new Skill
        {
            SkillName = head.Text("name"),
            Version = head.Text("version"),
            Description = head.Text("description"),
            Owner = head.Text("owner"),
            RbacScope = head.Text("rbac-scope"),
            AllowedTools = { head.List("allowed-tools") },
            Tags = { head.List("tags") },
        };
        skill.ExecutionConfig = ExecutionFields.Read(head);
        return skill;
    }

    // The name is the file's unless the example says it.
    private static SkillExample Example(IReadOnlyDictionary<string, byte[]> files, string path)
    {
        var example = Json(files, path, SkillExample.Parser);
        example.Name = example.Name.Length > 0 ? example.Name : path[Examples.Length..^".json".Length];
        return example;
    }

    private static T Json<T>(IReadOnlyDictionary<string, byte[]> files, string path, MessageParser<T> parser)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseJson(Text(files, path));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException or ArgumentException)
        {
            throw SkillErrors.ArchiveInvalid($"archive/{path}", $"is not the JSON that it must be: {exception.Message}");
        }
    }

    private static string Text(IReadOnlyDictionary<string, byte[]> files, string path)
    {
        try
        {
            return Utf8.GetString(files[path]);
        }
        catch (DecoderFallbackException)
        {
            throw SkillErrors.ArchiveInvalid($"archive/{path}", "must be UTF-8");
        }
    }
}
