using System.Globalization;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>Reads a YAML file into configuration keys; every refusal names the file and the line.</summary>
internal static class YamlFile
{
    // A file of a few lines can stand for gigabytes when anchors refer to anchors.
    private const int MostKeys = 10_000;

    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StreamReader(path);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            throw new MainstayConfigurationException($"{path}({exception.Start.Line},{exception.Start.Column}): not valid YAML: {exception.InnerException?.Message ?? exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MainstayConfigurationException($"The configuration file {path} cannot be read: {exception.Message}");
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var document in stream.Documents)
        {
            Flatten(path, "", document.RootNode, values);
        }

        return values;
    }

    private static void Flatten(string path, string key, YamlNode node, Dictionary<string, string> values)
    {
        if (values.Count > MostKeys)
        {
            throw new MainstayConfigurationException($"{path}: more than {MostKeys} values.");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (name, value) in mapping.Children)
                {
                    Flatten(path, Join(key, name.ToString()), value, values);
                }

                break;
            case YamlSequenceNode sequence:
                for (var i = 0; i < sequence.Children.Count; i++)
                {
                    Flatten(path, Join(key, i.ToString(CultureInfo.InvariantCulture)), sequence.Children[i], values);
                }

                break;
            case YamlScalarNode scalar when key.Length > 0:
                if (!values.TryAdd(key, scalar.Value ?? ""))
                {
                    throw new MainstayConfigurationException($"{path}({scalar.Start.Line},{scalar.Start.Column}): '{key}' is set twice.");
                }

                break;
            default:
                throw new MainstayConfigurationException($"{path}({node.Start.Line},{node.Start.Column}): expected keys and values.");
        }
    }

    private static string Join(string key, string name) => key.Length == 0 ? name : ConfigurationPath.Combine(key, name);
}
