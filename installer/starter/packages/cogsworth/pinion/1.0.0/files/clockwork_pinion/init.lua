-- A small toothed wheel on an axle. Part 2 of 10.

minetest.register_craftitem("clockwork_pinion:pinion", {
	description = "Pinion",
	inventory_image = "clockwork_pinion.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_pinion:pinion",
	recipe = { { "default:copper_ingot", "clockwork_axle:axle", "default:copper_ingot" } },
})

minetest.log("action", "[clockwork_pinion] part 2 of 10")
