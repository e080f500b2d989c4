using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Archives;

/// <summary>Writes a version as the files of its folder, from which <see cref="SkillFolder"/> reads the same again.</summary>
internal static class FolderFiles
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithIndentation());

    // A JSON string is a YAML one too.
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The files, SKILL.md first.</summary>
    public static IEnumerable<(string Path, byte[] Content)> Of(Skill skill)
    {
        yield return File(SkillFolder.Document, $"---\n{Head(skill)}---\n{skill.PromptTemplate}");
        if (skill.UserTemplate.Length > 0)
        {
            yield return File(SkillFolder.UserTemplate, skill.UserTemplate);
        }

        if (skill.OutputSchema is { } output)
        {
            yield return File(SkillFolder.OutputSchema, Formatter.Format(output));
        }

        if (skill.VariablesSchema is { } variables)
        {
            yield return File(SkillFolder.VariablesSchema, Formatter.Format(variables));
        }

        if (skill.Changelog.Length > 0)
        {
            yield return File(SkillFolder.Changelog, skill.Changelog);
        }

        for (var i = 0; i < skill.Examples.Count; i++)
        {
            // The examples stay in their order; their names are within.
            yield return File(string.Create(CultureInfo.InvariantCulture, $"{SkillFolder.Examples}{i + 1:d3}.json"), Formatter.Format(skill.Examples[i]));
        }
    }

    private static string Head(Skill skill)
    {
        var head = new StringBuilder();
        void Line(string key, string value) => head.Append(key).Append(": ").Append(value).Append('\n');
        void Text(string key, string value)
        {
            if (value.Length > 0)
            {
                Line(key, JsonSerializer.Serialize(value, Quoting));
            }
        }

        Text("name", skill.SkillName);
        Text("version", skill.Version);
        Text("description", skill.Description);
        Text("owner", skill.Owner);
        Text("rbac-scope", skill.RbacScope);
        Line("allowed-tools", JsonSerializer.Serialize(skill.AllowedTools, Quoting));
        Line("tags", JsonSerializer.Serialize(skill.Tags, Quoting));
        if (skill.ExecutionConfig is { } execution)
        {
            Text("model", execution.Model);
            Text("temperature", execution.HasTemperature ? execution.Temperature.ToString("R", CultureInfo.InvariantCulture) : "");
            Text("max-iterations", execution.MaxIterations > 0 ? execution.MaxIterations.ToString(CultureInfo.InvariantCulture) : "");
            Text("max-output-tokens", execution.MaxOutputTokens > 0 ? execution.MaxOutputTokens.ToString(CultureInfo.InvariantCulture) : "");
            Text("max-total-tokens", execution.MaxTotalTokens > 0 ? execution.MaxTotalTokens.ToString(CultureInfo.InvariantCulture) : "");
            Text("budget-micro-usd", execution.BudgetMicroUsd > 0 ? execution.BudgetMicroUsd.ToString(CultureInfo.InvariantCulture) : "");
            Text("max-retries", execution.HasMaxRetries ? execution.MaxRetries.ToString(CultureInfo.InvariantCulture) : "");
            Text("timeout", execution.Timeout is { } timeout ? JsonFormatter.Default.Format(timeout).Trim('"') : "");
        }

        return head.ToString();
    }

    private static (string, byte[]) File(string path, string text) => (path, Encoding.UTF8.GetBytes(text));
}
