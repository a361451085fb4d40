-- Paper lanterns in three colours.

local COLOURS = {
	{ "amber", "Amber Lantern", "dye:orange", 13 },
	{ "rose", "Rose Lantern", "dye:pink", 11 },
	{ "jade", "Jade Lantern", "dye:green", 11 },
}

for _, colour in ipairs(COLOURS) do
	local id, title, dye, light = unpack(colour)
	lamplib.register_lamp("glow_lanterns:" .. id, {
		description = title,
		texture = "glow_lanterns_" .. id .. ".png",
		light = light,
		recipe = {
			{ "", "default:stick", "" },
			{ "default:paper", dye, "default:paper" },
			{ "", "default:torch", "" },
		},
	})
end

minetest.log("action", "[glow_lanterns] " .. #COLOURS .. " lanterns lit")
