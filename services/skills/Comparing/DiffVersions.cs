using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Publishing;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Comparing;

/// <summary>Says what two versions of a skill have different, field by field.</summary>
internal sealed class DiffVersions(GetSkill getSkill)
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public async Task<DiffVersionsResponse> ExecuteAsync(DiffVersionsRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        Require("from_version", request.FromVersion);
        Require("to_version", request.ToVersion);
        var from = await getSkill.ExecuteAsync(request.SkillName, request.FromVersion, caller, cancellationToken);
        var to = await getSkill.ExecuteAsync(request.SkillName, request.ToVersion, caller, cancellationToken);
        var differences = new List<FieldDifference>();
        Compare(Content(from), Content(to), "", differences);
        return new DiffVersionsResponse { Differences = { differences }, Compatible = Compatibility.Differences(from, to).Count == 0 };
    }

    private static void Require(string field, string version)
    {
        if (version.Length == 0)
        {
            throw SkillErrors.FieldInvalid((field, "is missing: name an exact version"));
        }
    }

    private static JsonNode? Content(Skill skill)
    {
        var content = SkillContent.Stripped(skill);
        content.Version = "";
        return JsonNode.Parse(Formatter.Format(content));
    }

    private static void Compare(JsonNode? from, JsonNode? to, string field, List<FieldDifference> differences)
    {
        if (from is JsonObject left && to is JsonObject right)
        {
            foreach (var name in left.Select(member => member.Key).Union(right.Select(member => member.Key)))
            {
                Compare(left[name], right[name], field.Length == 0 ? name : JsonPointer.Append(field, name), differences);
            }
        }
        else if (!JsonNode.DeepEquals(from, to))
        {
            differences.Add(Difference(from, to, field));
        }
    }

    private static FieldDifference Difference(JsonNode? from, JsonNode? to, string field)
    {
        var isText = from is JsonValue left && to is JsonValue right && left.TryGetValue<string>(out var before) && right.TryGetValue<string>(out var after)
            && (before + after).Contains('\n', StringComparison.Ordinal);
        return new FieldDifference
        {
            Field = field,
            FromValue = from?.ToJsonString() ?? "",
            ToValue = to?.ToJsonString() ?? "",
            LineDiff = isText ? LineDiff.Of(from!.GetValue<string>(), to!.GetValue<string>()) : "",
        };
    }
}
