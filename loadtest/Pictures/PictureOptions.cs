using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Pictures;

/// <summary>The options that say what is sent.</summary>
internal sealed class PictureOptions
{
    public Option<string?> Images { get; } = new("--images")
    {
        Description = "Folder of pictures to send. Default: generated photographs of ImageNet's size (about 110 KB; JPEG, PNG, WebP).",
        HelpName = "FOLDER",
    };

    public Option<string?> Labels { get; } = new("--labels")
    {
        Description = "Manifest of what the pictures show: lines FILE,LABEL. Names such as n01443537_goldfish.jpeg carry their label anyway.",
        HelpName = "FILE",
    };

    public Option<bool> Small { get; } = new("--small-pictures")
    {
        Description = "Generate thumbnails of about 2 KB instead: loads the way to the worker rather than the network and the decoder.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Images);
        command.Options.Add(Labels);
        command.Options.Add(Small);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Images) is not null && result.GetResult(Small) is { Implicit: false })
                result.AddError("--images and --small-pictures exclude each other.");
            if (result.GetResult(Labels) is not null && result.GetResult(Images) is null)
                result.AddError("--labels: generated pictures show nothing that has a label; give --images FOLDER too.");
        });
    }

    public IReadOnlyList<Picture> Read(ParseResult parsed, int seed)
    {
        if (parsed.GetValue(Images) is { } folder)
        {
            var labels = parsed.GetValue(Labels) is { } manifest ? PictureLabels.ReadManifest(manifest) : new Dictionary<string, string>();
            return PictureFolder.Read(folder, labels);
        }

        return parsed.GetValue(Small) ? GeneratedPhotographs.CreateSmall(seed) : GeneratedPhotographs.Create(seed);
    }
}
